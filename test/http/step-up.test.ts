import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { beginEnrollment, confirmEnrollment } from '../app/begin-enrollment.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectRefusal } from '../app/expect-refusal.ts';
import { codeAt, importUser } from '../app/imported-user.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ session: { cookie: { maxAge: 3_600_000 } } });
});
afterEach(() => void jest.restoreAllMocks());
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

test('a step-up goes on with the enrolment that runs in the session', async () => {
  const { backupCodes } = await app.enrol('replaces');
  const browser = await app.pending('replaces');
  const stepUp = (code = '') => browser.post('/mfa/totp/verify', { code });
  expect((await stepUp(backupCodes[0])).status).toBe(200);
  const enrollment = await beginEnrollment(browser);
  const { enrollment: running } = (await app.sessionOf(browser)).mfa;
  const before = browser.copy();
  expect((await stepUp(backupCodes[1])).status).toBe(200);
  expect(browser.sessionId).not.toBe(before.sessionId);
  expect((await app.sessionOf(browser)).mfa.enrollment).toEqual(running);

  expect((await confirmEnrollment(browser, codeAt(app, enrollment))).status).toBe(200);
  expect((await app.sessionOf(browser)).mfa).not.toHaveProperty('enrollment');
  expect(await app.mfa.service.verify('replaces', { code: enrollment.backupCodes[0] ?? '' })).toMatchObject({
    ok: true,
  });
});

test('where the store fails, the event says that a step-up was intended', async () => {
  const browser = await app.full('fails', await importUser(app, 'fails'));
  const events = app.events.length;
  jest.spyOn(app.store, 'get').mockRejectedValueOnce(new Error('gone'));
  expectRefusal(await browser.post('/mfa/totp/verify', { code: '000000' }), 503, 'UNAVAILABLE');
  expect(app.events.slice(events)).toEqual([
    expect.objectContaining({
      name: 'store.unavailable',
      userId: 'fails',
      operation: 'get',
      intended: 'step up',
    }),
  ]);
});
