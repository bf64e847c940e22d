import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Response } from 'supertest';
import { createTestApp, type TestApp } from '../../app/create-test-app.ts';
import { hostilePaths } from '../../app/hostile-paths.ts';
import { codeAt } from '../../app/imported-user.ts';
import { type PageVisitor, signedIn } from '../../app/page-visitor.ts';

// Half a surrogate pair comes in JSON only.
const hostile = hostilePaths.filter((path) => typeof path === 'string').filter((path) => path.isWellFormed());
/** One that is far too long for a form is not read at all. */
const fitsInForm = (path: string) => encodeURIComponent(path).length < 1_800;

let app: TestApp;
let nell: PageVisitor;
beforeAll(async () => {
  app = await createTestApp();
  nell = await signedIn(app, 'N');
});
afterAll(() => app.close());

function expectNowhere({ text, headers }: Response): void {
  expect(text).not.toMatch(/name="return_to"|return_to=/);
  expect(text).not.toContain('evil.example');
  expect(headers.location ?? '').not.toContain('evil');
}

describe('IC-13 a hostile place to return to, beside the challenge', () => {
  test.each(hostile)(
    'IC-13 %j in the address of the set-up, the codes and the security page',
    async (path) => {
      for (const page of ['/setup', '/backup-codes', '/security']) {
        const response = await nell.get(`/mfa${page}?return_to=${encodeURIComponent(path)}`);
        expect([page, response.status]).toEqual([page, 200]);
        expectNowhere(response);
      }
    },
  );

  test.each(hostile)('IC-13 %j in the forms of the set-up and of the codes', async (path) => {
    await nell.get('/mfa/setup');
    const begun = await begin({ return_to: path });
    expect([begun.status, begun.headers.location]).toEqual(
      fitsInForm(path) ? [303, '/mfa/setup'] : [413, undefined],
    );
    expectNowhere(begun);
    await begin({});
    await nell.get('/mfa/setup');
    const refused = await nell.submit('/totp/verify-enrollment', { code: '12', return_to: path });
    expect(refused.status).toBe(fitsInForm(path) ? 400 : 413);
    expectNowhere(refused);
    const { form_token: token = '' } = nell.hidden('/totp/verify-enrollment');
    const saved = await nell.browser.post(
      '/mfa/backup-codes/saved',
      new URLSearchParams({ form_token: token, saved: 'yes', return_to: path }).toString(),
      { 'Content-Type': 'application/x-www-form-urlencoded' },
    );
    expect([saved.status, saved.headers.location]).toEqual(
      fitsInForm(path) ? [303, '/mfa/security'] : [413, undefined],
    );
  });

  async function begin(fields: Record<string, string>): Promise<Response> {
    // The page that is there shows the enrolment that runs; its token is that of every form of this session.
    const [form] = ['/totp/enroll', '/totp/verify-enrollment'].filter((action) =>
      nell.page().text.includes(`action="/mfa${action}"`),
    );
    const { form_token: token = '' } = nell.hidden(form ?? '');
    const body = new URLSearchParams({ form_token: token, ...fields }).toString();
    return nell.browser.post('/mfa/totp/enroll', body, {
      'Content-Type': 'application/x-www-form-urlencoded',
    });
  }

  test('IC-13 with the right code, in the form, to the codes and no further', async () => {
    const visitor = await signedIn(app, 'M');
    await visitor.get('/mfa/setup');
    await visitor.submit('/totp/enroll');
    const { text } = await visitor.get('/mfa/setup');
    const secret = /id="mfa-secret"[^>]*>([A-Z2-7 ]+)</.exec(text)?.[1]?.replaceAll(' ', '') ?? '';
    const fields = { code: codeAt(app, { secret }), return_to: '//evil.example' };
    expect((await visitor.submit('/totp/verify-enrollment', fields)).headers.location).toBe(
      '/mfa/backup-codes',
    );
    await visitor.get('/mfa/security');
    const off = { password: 'password of M', return_to: '/whoami' };
    expect((await visitor.submit('/totp/disable', off)).headers.location).toBe('/mfa/security');
  });

  test.each(hostile.filter((path) => /^[\x21-\x7e]+$/.test(path) && path.length < 1_000))(
    'IC-13 a guarded form from a page that is called %j, of another origin or none',
    async (path) => {
      for (const referer of [path, `https://evil.example/${path}`]) {
        const response = await nell.browser.post('/private', {}, { Referer: referer });
        expect([response.status, response.headers.location]).toEqual([303, '/mfa/setup']);
      }
      const own = await nell.browser.post('/private', {}, { Referer: `${app.url}${path}` });
      expect(own.status).toBe(303);
      const back = new URL(String(own.headers.location), app.url).searchParams.get('return_to');
      // Whatever is left of it is of this site, as a browser reads it.
      expect(new URL(back ?? '/', app.url).origin).toBe(new URL(app.url).origin);
    },
  );
});
