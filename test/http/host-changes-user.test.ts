import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectNothingKnown } from '../app/expect-nothing-known.ts';
import { expectRefusal } from '../app/expect-refusal.ts';
import { importUser } from '../app/imported-user.ts';
import { watchAnswers } from '../app/watch-answers.ts';

let app: TestApp;
const answers = watchAnswers();
beforeAll(async () => {
  app = await createTestApp({ before: answers.watch });
});
afterEach(() => {
  answers.check();
  expect(app.errors).toEqual([]);
});
afterAll(() => app.close());

const guarded = ['/private', '/sensitive', '/lenient', '/lenient-sensitive'];

async function expectDenied(browser: Browser, errorType: string): Promise<void> {
  const reached = app.reached();
  for (const path of guarded) expectRefusal(await browser.get(path), 401, errorType);
  expect(app.reached()).toBe(reached);
}

test('PS-15 what one user has proven counts for no other whom the app then names', async () => {
  const a = await importUser(app, 'A');
  const b = await importUser(app, 'B');
  const browser = await app.full('A', a);
  await browser.post('/forgetful-login', { user: 'B' });
  expect((await browser.get('/whoami')).body).toEqual({ userId: 'B' });
  await expectDenied(browser, 'MFA_REQUIRED');
  expect((await browser.get('/mfa/totp/status')).body.data).toMatchObject({ verified: false });

  const states = [await app.rawState('A'), await app.rawState('B')];
  const body = { password: 'password of B' };
  expectRefusal(await browser.delete('/mfa/totp/disable', body), 401, 'MFA_REQUIRED');
  expectRefusal(await browser.post('/mfa/totp/disable', body), 401, 'MFA_REQUIRED');
  expectRefusal(await browser.post('/mfa/totp/regenerate-backup-codes', body), 401, 'MFA_REQUIRED');
  expectRefusal(await browser.post('/mfa/totp/enroll', body), 409, 'CONFLICT');
  expect([await app.rawState('A'), await app.rawState('B')]).toEqual(states);

  // A code of A is a wrong one of B.
  app.clock.nextStep();
  expectRefusal(await browser.post('/mfa/totp/verify', { code: a.code() }), 401, 'INVALID_CODE');
  expect((await app.state('B')).budget.failures).toBe(1);
  expect(await app.rawState('A')).toBe(states[0]);

  expect((await browser.post('/mfa/totp/verify', { code: b.code() })).body.data.user_id).toBe('B');
  expect((await browser.get('/private')).body).toEqual({ reached: true, userId: 'B' });
  // The password that A gave is none of B's either.
  expect((await app.sessionOf(browser)).mfa).toMatchObject({
    userId: 'B',
    authenticatedAt: 0,
    amr: ['otp', 'mfa'],
  });
});

test('PS-15 nor does it let the other enrol, or confirm what the first has begun', async () => {
  const browser = await app.pending('C');
  const started = await browser.post('/mfa/totp/enroll', {});
  expect(started.status).toBe(201);
  await browser.post('/forgetful-login', { user: 'D' });

  expectRefusal(await browser.get('/private'), 403, 'MFA_ENROLLMENT_REQUIRED');
  expectRefusal(await browser.post('/mfa/totp/enroll', {}), 401, 'INVALID_CREDENTIALS');
  const code = '123456';
  expectRefusal(await browser.post('/mfa/totp/verify-enrollment', { code }), 409, 'NO_PENDING_ENROLLMENT');
  await expectNothingKnown(app, 'C');
  expect(await app.rawState('D')).toBeNull();
});

test.each([
  ['an upper-case letter', 'e', 'E'],
  ['a space', 'f', 'f '],
  ['another form of the same letter', 'é', 'e\u0301'],
  ['a leading zero', '7', '07'],
])('PS-15 ids that differ by %s are different users', async (_title, one, other) => {
  const authenticator = await importUser(app, one);
  const browser = await app.full(one, authenticator);
  await importUser(app, other);
  await browser.post('/forgetful-login', { user: other });
  await expectDenied(browser, 'MFA_REQUIRED');
});

test('PS-15 a number and its text are the same user', async () => {
  const authenticator = await importUser(app, '42');
  const browser = await app.full('42', authenticator);
  await browser.post('/forgetful-login', { user: 42 });
  expect((await browser.get('/sensitive')).body).toEqual({ reached: true, userId: 42 });
});

test('PS-16 a log-out by hand leaves nothing that the guard would take', async () => {
  const authenticator = await importUser(app, 'K');
  const browser = await app.full('K', authenticator);
  expect((await browser.get('/private')).status).toBe(200);
  await browser.post('/forgetful-log-out');
  expect((await app.sessionOf(browser)).mfa).toMatchObject({ userId: 'K' });
  app.clock.nextStep();
  const code = authenticator.code();
  const state = await app.rawState('K');

  await expectDenied(browser, 'UNAUTHENTICATED');
  const body = { code, password: 'password of K' };
  expectRefusal(await browser.get('/mfa/totp/status'), 401, 'UNAUTHENTICATED');
  expectRefusal(await browser.post('/mfa/totp/verify', { code }), 401, 'NO_PENDING_LOGIN');
  expectRefusal(await browser.delete('/mfa/totp/disable', body), 401, 'UNAUTHENTICATED');
  expectRefusal(await browser.post('/mfa/totp/regenerate-backup-codes', body), 401, 'UNAUTHENTICATED');
  expectRefusal(await browser.post('/mfa/totp/enroll', body), 401, 'UNAUTHENTICATED');
  expect(await app.rawState('K')).toBe(state);
});

test('PS-16 nobody is logged in once the app has emptied its user id', async () => {
  const browser = await app.full('G', await importUser(app, 'G'));
  await browser.post('/session', { userId: null });
  await expectDenied(browser, 'UNAUTHENTICATED');
});

test.each(['', 0.5, true, {}, ['H']])(
  'PS-16 a user id that the app sets to %j is nobody, and the app hears of it',
  async (userId) => {
    const user = `H ${JSON.stringify(userId)}`;
    const browser = await app.full(user, await importUser(app, user));
    await browser.post('/session', { userId });
    const reached = app.reached();
    expectRefusal(await browser.get('/lenient'), 500, 'INTERNAL');
    expect(app.reached()).toBe(reached);
    expect(answers.takeFaults()).toEqual(['GET /lenient: 500']);
    expect(app.errors.splice(0)).toEqual([
      expect.objectContaining({ name: 'TypeError', message: expect.stringContaining('Pass the user id as') }),
    ]);
  },
);

/** Rewrites what the stored session says about the second step. */
async function rewrite(browser: Browser, change: (mfa: object) => object): Promise<void> {
  const { mfa, ...session } = await app.sessionOf(browser);
  const key = `${app.prefix}sess:${browser.sessionId}`;
  await app.redis.set(key, JSON.stringify({ ...session, userId: 'L', mfa: change(mfa) }));
}

test('a session that says both, pending and logged in, is pending', async () => {
  const full = await app.full('L', await importUser(app, 'L'));
  const { mfa: login } = await app.sessionOf(full);
  const browser = await app.pending('L');
  await rewrite(browser, (pending) => ({ ...login, ...pending }));
  await expectDenied(browser, 'MFA_REQUIRED');
});

test.each(['loginId', 'startedAt', 'epoch', 'via'])(
  'a pending login without its %s is one that has ended, not a login',
  async (field) => {
    const authenticator = await importUser(app, `M ${field}`);
    const browser = await app.pending(`M ${field}`);
    await rewrite(browser, (pending) => ({ ...pending, [field]: undefined }));
    const state = await app.rawState(`M ${field}`);
    await expectDenied(browser, 'UNAUTHENTICATED');
    const verified = await browser.post('/mfa/totp/verify', { code: authenticator.code() });
    expectRefusal(verified, 401, 'NO_PENDING_LOGIN');
    expect(await app.rawState(`M ${field}`)).toBe(state);
  },
);
