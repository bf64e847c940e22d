import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { html } from 'express-mfa';
import type { Response } from 'supertest';
import { createTestApp, type TestApp } from '../../app/create-test-app.ts';
import { codeAt } from '../../app/imported-user.ts';
import { signedIn, visit } from '../../app/page-visitor.ts';

const ownPolicy =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

let app: TestApp;
const answers: Response[] = [];
beforeAll(async () => {
  app = await createTestApp();
  const { secret } = await app.enrol('A');
  app.clock.nextStep();
  const guest = visit(app.browser());
  for (const path of [
    '/challenge',
    '/setup',
    '/backup-codes',
    '/backup-codes.txt',
    '/security',
    '/style.css',
    '/script.js',
  ]) {
    answers.push(await guest.get(`/mfa${path}`));
  }
  answers.push(
    await guest.browser.post('/mfa/challenge'),
    await guest.get('/mfa/totp/verify'),
    await guest.get('/private'),
  );
  answers.push(
    await visit(app.browser({ Origin: 'https://evil.example' })).browser.post('/mfa/totp/verify', {}),
  );
  const ada = await signedIn(app, 'A');
  answers.push(await ada.get('/mfa/challenge'), await ada.get('/mfa/setup'));
  answers.push(
    await ada.submit('/totp/verify', { code: '1' }),
    await ada.submit('/totp/verify', { code: 'x'.repeat(3_000) }),
  );
  for (let count = 0; count < 6; count++) answers.push(await ada.submit('/totp/verify', { code: '000000' }));
  app.clock.nextStep();
  answers.push(
    await ada.submit('/totp/verify', { code: codeAt(app, { secret }) }),
    await ada.get('/mfa/security'),
  );
  const nell = await signedIn(app, 'N');
  answers.push(await nell.get('/mfa/setup'), await nell.submit('/totp/enroll'));
  const setup = await nell.get('/mfa/setup');
  const key = /id="mfa-secret"[^>]*>([A-Z2-7 ]+)</.exec(setup.text)?.[1]?.replaceAll(' ', '') ?? '';
  answers.push(setup, await nell.submit('/totp/verify-enrollment', { code: codeAt(app, { secret: key }) }));
  answers.push(await nell.get('/mfa/backup-codes'), await nell.submit('/backup-codes/saved'));
  answers.push(await nell.get('/mfa/backup-codes.txt'));
  answers.push(
    await nell.submit('/backup-codes/saved', { saved: 'yes' }),
    await nell.get('/mfa/backup-codes'),
  );
});
afterAll(() => app.close());

test('IL-02 every answer of pages, forms and files is kept by nobody and tells nobody where it was', () => {
  expect(new Set(answers.map(({ status }) => status))).toEqual(
    new Set([200, 303, 400, 401, 403, 405, 413, 429]),
  );
  for (const { status, headers } of answers) {
    expect([status, headers]).toEqual([
      status,
      expect.objectContaining({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
      }),
    ]);
    expect(headers.etag).toBeUndefined();
    expect(headers['last-modified']).toBeUndefined();
  }
});

test('CS-07 every page has a policy by which nobody frames it, and nothing inline that it would forbid', () => {
  const pages = answers.filter(({ type }) => type === 'text/html');
  expect(pages.length).toBeGreaterThan(15);
  for (const { headers, text } of pages) {
    expect(headers['content-security-policy']).toBe(ownPolicy);
    expect(text).not.toMatch(
      /<style|\sstyle=|\son\w+=|javascript:|<script(?! src="\/mfa\/script\.js" defer><\/script>)/i,
    );
  }
});

test('CS-07 a form may lead to the other origins of the host, and to no others', async () => {
  const other = await createTestApp({ mfa: { trustedOrigins: ['https://app.example.com'] } });
  const { headers } = await visit(other.browser()).get('/mfa/challenge');
  expect(headers['content-security-policy']).toBe(
    ownPolicy.replace("form-action 'self'", "form-action 'self' https://app.example.com"),
  );
  await other.close();
});

describe('CS-07 in the frame of the host', () => {
  test.each<[string | string[] | undefined, string]>([
    [undefined, "form-action 'self'; frame-ancestors 'none'"],
    ["default-src 'self'", "default-src 'self', form-action 'self'; frame-ancestors 'none'"],
    [
      ["default-src 'self'", 'img-src *'],
      "default-src 'self', img-src *, form-action 'self'; frame-ancestors 'none'",
    ],
  ])('CS-07 its own policy %j stands, and ours is added', async (own, expected) => {
    const framed = await createTestApp({
      before(host) {
        host.use((_req, res, next) => {
          if (own !== undefined) res.setHeader('Content-Security-Policy', own);
          next();
        });
      },
      mfa: {
        layout: (page) => html`<body>${page.body}</body>`,
        pages: { security: () => 'mine' },
      },
    });
    const visitor = await signedIn(framed, 'N');
    for (const path of ['/mfa/setup', '/mfa/security']) {
      const { headers } = await visitor.get(path);
      expect(headers['content-security-policy']).toBe(expected);
    }
    await framed.close();
  });
});
