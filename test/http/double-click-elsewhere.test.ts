import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Response } from 'supertest';
import type { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';

/** With `rolling` every answer would carry a cookie: the wrong one, from the click that came second. */
let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ session: { rolling: true, cookie: { maxAge: 3_600_000 } } });
});
afterAll(() => app.close());

/** Two clicks at once. Gives both answers, the one that succeeded first. */
async function doubleClick(
  browser: Browser,
  click: (tab: Browser) => Promise<Response>,
): Promise<Response[]> {
  const answers = await Promise.all([click(browser.copy()), click(browser.copy())]);
  return answers.sort((one, other) => one.status - other.status);
}

async function expectOneCookie(browser: Browser, [won, lost]: Response[]): Promise<void> {
  expect(won?.status).toBe(200);
  expect(won?.headers['set-cookie']).toBeDefined();
  expect(lost?.status).toBeGreaterThanOrEqual(400);
  expect(lost?.headers['set-cookie']).toBeUndefined();
  const [cookie = ''] = won?.headers['set-cookie'] ?? [];
  browser.cookie = cookie.split(';')[0] ?? '';
  expect((await browser.get('/whoami')).body.userId).not.toBeNull();
}

test('two clicks on a step-up leave the browser logged in', async () => {
  const authenticator = await app.enrol('stepper');
  const browser = await app.full('stepper', authenticator);
  const code = authenticator.code();
  await expectOneCookie(browser, await doubleClick(browser, (tab) => tab.post('/mfa/totp/verify', { code })));
});

test('two clicks on the confirmation of an enrolment, or on disable, leave the browser logged in', async () => {
  const browser = await app.pending('clicker');
  const { secret } = (await browser.post('/mfa/totp/enroll', {})).body.data;
  const { TOTP, Secret } = await import('otpauth');
  const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: app.clock.now() });
  await expectOneCookie(
    browser,
    await doubleClick(browser, (tab) => tab.post('/mfa/totp/verify-enrollment', { code })),
  );
  const password = 'password of clicker';
  await expectOneCookie(
    browser,
    await doubleClick(browser, (tab) => tab.delete('/mfa/totp/disable', { password })),
  );
});

test('a wrong code leaves the session as it is: it is not saved, not touched, and can still be completed', async () => {
  const authenticator = await app.enrol('slip');
  const browser = await app.pending('slip');
  const before = await app.redis.get(`${app.prefix}sess:${browser.sessionId}`);
  const refused = await browser.post('/mfa/totp/verify', { code: '000000' });
  expect(refused.status).toBe(401);
  expect(refused.headers['set-cookie']).toBeUndefined();
  expect(await app.redis.get(`${app.prefix}sess:${browser.sessionId}`)).toBe(before);
  expect((await browser.post('/mfa/totp/verify', { code: authenticator.code() })).status).toBe(200);
});
