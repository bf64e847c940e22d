import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { Response } from 'express';
import { html } from 'express-mfa';
import { createTestApp, type TestApp, type TestAppOptions } from '../../app/create-test-app.ts';
import { codeAt } from '../../app/imported-user.ts';
import { ownTime } from '../../app/own-time.ts';
import { alertOf, headingOf, signedIn, visit } from '../../app/page-visitor.ts';

let app: TestApp;
afterEach(async () => {
  jest.restoreAllMocks();
  await app.close();
});

const unavailable = 'The second step is not available at the moment. Please try again in a minute.';

describe('the store is down', () => {
  test.each(['/challenge', '/setup', '/security', '/private'])(
    '%s: a page with 503, and no cookie',
    async (path) => {
      app = await createTestApp();
      await app.enrol('A');
      const visitor = await signedIn(app, 'A');
      const before = await app.sessionOf(visitor.browser);
      const get = jest.spyOn(app.store, 'get').mockRejectedValue(new Error('gone'));
      const address = path === '/private' ? path : `/mfa${path}`;
      const response = await visitor.get(`${address}?return_to=%2Fprivate`);
      if (path === '/setup' || path === '/security') {
        // A pending login is led to the challenge without anybody being asked.
        expect([response.status, get.mock.calls.length]).toEqual([303, 0]);
        return;
      }
      expect([response.status, alertOf(response)]).toEqual([503, unavailable]);
      const again =
        path === '/private' ? '/private?return_to=%2Fprivate' : '/mfa/challenge?return_to=%2Fprivate';
      expect(response.text).toContain(`href="${again}"`);
      expect(response.headers['set-cookie']).toBeUndefined();
      expect(await app.sessionOf(visitor.browser)).toEqual(before);
    },
  );

  test('a form: a page with 503, nothing is granted, and the code is good when the store is back', async () => {
    app = await createTestApp();
    const authenticator = await app.enrol('A');
    app.clock.nextStep();
    const visitor = await signedIn(app, 'A');
    await visitor.get('/mfa/challenge');
    const hidden = visitor.hidden('/totp/verify');
    const code = codeAt(app, authenticator);
    jest.spyOn(app.store, 'get').mockRejectedValueOnce(new Error('gone'));
    const response = await visitor.submit('/totp/verify', { code });
    expect([response.status, alertOf(response)]).toEqual([503, unavailable]);
    expect(response.text).toContain('href="/mfa/challenge"');
    expect((await visitor.browser.get('/whoami')).body.userId).toBeNull();
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const body = new URLSearchParams({ ...hidden, code }).toString();
    expect((await visitor.browser.post('/mfa/totp/verify', body, form)).status).toBe(303);
  });

  test('the session store is disconnected, so that there is no session: 503', async () => {
    app = await createTestApp();
    app.sessions.emit('disconnect');
    const response = await visit(app.browser()).get('/mfa/challenge');
    expect([response.status, alertOf(response)]).toEqual([503, unavailable]);
  });
});

describe('what the host gave throws', () => {
  const fail = (): never => {
    throw new Error('of the host');
  };

  test.each<[string, TestAppOptions['mfa'] & object, string]>([
    ['accountName', { accountName: fail }, '/mfa/setup'],
    ['locale', { locale: fail }, '/mfa/setup'],
    ['layout', { layout: fail }, '/mfa/security'],
    ['layout, later', { layout: () => Promise.reject(new Error('of the host')) }, '/mfa/security'],
    ['a page', { pages: { security: fail } }, '/mfa/security'],
  ])('%s: a page with 500 in our own frame, and `onError` has heard it', async (name, mfa, path) => {
    app = await createTestApp({ mfa });
    const visitor = await signedIn(app, 'N');
    if (name === 'accountName') {
      await visitor.get('/mfa/setup');
      const { status } = await visitor.submit('/totp/enroll');
      expect(status).toBe(500);
    } else {
      const response = await visitor.get(path);
      expect([response.status, alertOf(response)]).toEqual([500, 'Something went wrong. Please try again.']);
      expect(response.text).toContain('class="mfa-document"');
      expect(response.text).not.toContain('of the host');
    }
    expect(app.errors.map(String)).toEqual(['Error: of the host']);
  });

  test('a page for a form that was refused: nothing is granted', async () => {
    let failing = false;
    app = await createTestApp({ mfa: { layout: ({ body }) => (failing ? fail() : html`${body}`) } });
    await app.enrol('A');
    const visitor = await signedIn(app, 'A');
    await visitor.get('/mfa/challenge');
    failing = true;
    const response = await visitor.submit('/totp/verify', { code: '000000' });
    expect(response.status).toBe(500);
    expect((await visitor.browser.get('/whoami')).body.userId).toBeNull();
  });

  test('the guard of a page: 500 as a page', async () => {
    app = await createTestApp({ mfa: { currentUserId: fail } });
    const response = await visit(app.browser()).get('/private');
    expect([response.status, headingOf(response)]).toEqual([500, 'That did not work']);
    const sent = await visit(app.browser()).browser.post('/private', {});
    expect(sent.text).toContain('href="/"');
  });
});

describe('a layout or page', () => {
  test.each<[string, NonNullable<TestAppOptions['mfa']>, string]>([
    [
      'text',
      { layout: ({ title, body }) => `<i>${title}</i>${body}` },
      '<i>Your second step · Acme</i><section class="mfa"',
    ],
    [
      'a promise',
      { layout: async ({ lang, dir, body }) => html`<p lang="${lang}" dir="${dir}">${body}` },
      '<p lang="en" dir="ltr"><section',
    ],
    ['a page', { pages: { security: ({ enrolled, path }) => `${enrolled} ${path}` } }, 'false /mfa'],
    ['a page beside a layout', { layout: () => 'framed', pages: { security: () => 'mine' } }, 'mine'],
  ])('gives %s, which is sent as it is', async (_what, mfa, expected) => {
    app = await createTestApp({ mfa });
    const response = await (await signedIn(app, 'N')).get('/mfa/security');
    expect([response.status, response.text.slice(0, expected.length)]).toEqual([200, expected]);
  });

  test('may render by itself, a moment later: its answer has our headers', async () => {
    app = await createTestApp({
      mfa: {
        layout(_page, { res }) {
          setImmediate(() => res.type('html').end('rendered'));
        },
      },
    });
    const response = await (await signedIn(app, 'N')).get('/mfa/security');
    expect([response.status, response.text]).toEqual([200, 'rendered']);
    expect(response.headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'content-security-policy': "form-action 'self'; frame-ancestors 'none'",
    });
  });

  test.each(['layout', 'page'])(
    'a %s that gives nothing and never answers: a page with 500 within two seconds, and a later answer does nothing',
    async (what) => {
      let answerLate: () => void = () => undefined;
      const forget = (res: Response) => {
        res.type('text/plain');
        answerLate = () => void res.status(200).send('late');
      };
      app = await createTestApp({
        mfa:
          what === 'layout'
            ? { layout: (_page, { res }) => forget(res) }
            : { pages: { security: (_props, { res }) => forget(res) } },
      });
      const visitor = await signedIn(app, 'N');
      const begun = ownTime();
      const response = await visitor.get('/mfa/security');
      expect(ownTime() - begun).toBeLessThan(2_500);
      expect([response.status, response.type, alertOf(response)]).toEqual([
        500,
        'text/html',
        'Something went wrong. Please try again.',
      ]);
      expect(response.headers['content-security-policy']).toContain("default-src 'none'");
      expect(app.errors.map(String)).toEqual([
        `Error: \`${what === 'layout' ? what : 'pages.security'}\` gave nothing and did not answer in time: return the HTML, or call res.render.`,
      ]);
      expect(answerLate).not.toThrow();
      expect((await visitor.browser.get('/whoami')).body.userId).toBe('N');
      expect(app.errors).toHaveLength(1);
    },
  );

  test('must give a document: anything else is a fault', async () => {
    // What a host in plain JavaScript might give.
    const layout = (() => ({ html: 'x' })) as unknown as () => string;
    app = await createTestApp({ mfa: { layout } });
    const response = await (await signedIn(app, 'N')).get('/mfa/security');
    expect([response.status, response.headers['content-security-policy']]).toEqual([
      500,
      expect.stringContaining("default-src 'none'"),
    ]);
    expect(String(app.errors[0])).toContain('must give text');
  });

  test('may answer by itself', async () => {
    app = await createTestApp({
      mfa: {
        layout(_page, { res }) {
          res.redirect('/elsewhere');
          return '';
        },
      },
    });
    const response = await (await signedIn(app, 'N')).get('/mfa/security');
    expect([response.status, response.headers.location]).toEqual([302, '/elsewhere']);
  });
});
