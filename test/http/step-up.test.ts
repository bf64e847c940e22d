import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectRefusal } from '../app/expect-refusal.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ session: { cookie: { maxAge: 3_600_000 } } });
});
afterAll(() => app.close());

test('a step-up renews what was proven, and not a first step that was ended since', async () => {
  const authenticator = await app.enrol('ended');
  const browser = await app.full('ended', authenticator);
  await app.mfa.service.endSessions('ended');
  expectRefusal(await browser.get('/private'), 401, 'MFA_REQUIRED');

  const [code] = authenticator.backupCodes;
  expect((await browser.post('/mfa/totp/verify', { code })).status).toBe(200);
  expect((await browser.get('/private')).status).toBe(200);
  // A login of a moment ago would do without the password, and a backup code allows a new authenticator.
  expectRefusal(await browser.post('/mfa/totp/enroll', {}), 401, 'INVALID_CREDENTIALS');
  expect((await browser.post('/mfa/totp/enroll', { password: 'password of ended' })).status).toBe(201);
});

test('a step-up under the same epoch leaves the first step as recent as it is', async () => {
  const authenticator = await app.enrol('recent');
  const browser = await app.full('recent', authenticator);
  const [code] = authenticator.backupCodes;
  await browser.post('/mfa/totp/verify', { code });
  expect((await browser.post('/mfa/totp/enroll', {})).status).toBe(201);
});

test('a step-up keeps the life of the cookie', async () => {
  const authenticator = await app.enrol('long-lived');
  const browser = await app.full('long-lived', authenticator);
  const before = await app.sessionOf(browser);
  expect(before.cookie.originalMaxAge).toBe(3_600_000);
  // As after some minutes: what is left is less than the whole.
  const expires = new Date(Date.now() + 600_000).toISOString();
  const key = `${app.prefix}sess:${browser.sessionId}`;
  await app.redis.set(key, JSON.stringify({ ...before, cookie: { ...before.cookie, expires } }));
  const [code] = authenticator.backupCodes;
  expect((await browser.post('/mfa/totp/verify', { code })).status).toBe(200);
  const after = await app.sessionOf(browser);
  expect(after.cookie.originalMaxAge).toBe(3_600_000);
  expect(after.userId).toBe('long-lived');
});
