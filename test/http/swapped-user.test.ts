import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectRefusal } from '../app/expect-refusal.ts';
import { importUser } from '../app/imported-user.ts';
import { loggedInSessions } from '../app/stored-sessions.ts';
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

const namesOf = (user: string) => ({
  userId: user,
  user_id: user,
  user,
  username: user,
  pendingUserId: user,
  factorId: user,
  mfa: { pendingUserId: user },
});

test('PS-07 only the user of the last first step can be completed, by a code of theirs', async () => {
  const a = await importUser(app, 'A');
  const b = await importUser(app, 'B');
  const codeOfA = a.code();
  const browser = await app.pending('A');
  const tabOfA = browser.copy();
  await browser.post('/login', { user: 'B', password: 'password of B' });
  const state = await app.rawState('A');

  expectRefusal(await browser.post('/mfa/totp/verify', { code: codeOfA }), 401, 'INVALID_CODE');
  const naming = { ...namesOf('A'), code: codeOfA };
  expectRefusal(await browser.post('/mfa/totp/verify', naming), 401, 'INVALID_CODE');
  const query = new URLSearchParams({ userId: 'A', user: 'A', pendingUserId: 'A', factorId: 'A' });
  expectRefusal(await browser.post(`/mfa/totp/verify?${query}`, { code: codeOfA }), 401, 'INVALID_CODE');
  expect((await app.state('B')).budget.failures).toBe(3);
  // The login that was given up is gone, also for whoever kept its cookie.
  expectRefusal(await tabOfA.post('/mfa/totp/verify', { code: codeOfA }), 401, 'NO_PENDING_LOGIN');

  const done = await browser.post(`/mfa/totp/verify?${query}`, { ...namesOf('A'), code: b.code() });
  expect(done.body.data).toEqual({
    user_id: 'B',
    method: 'totp',
    backup_codes_remaining: 0,
    failed_attempts: 3,
    redirect_to: '/',
  });
  expect((await browser.get('/private')).body).toEqual({ reached: true, userId: 'B' });
  expect(await app.sessionOf(browser)).toMatchObject({ userId: 'B', mfa: { userId: 'B' } });
  expect(await loggedInSessions(app, 'A')).toBe(0);
  expect(await app.rawState('A')).toBe(state);
});

test('PS-07 names in the request move neither a right code nor a failure to another user', async () => {
  const c = await importUser(app, 'C');
  await importUser(app, 'D');
  const state = await app.rawState('D');
  const browser = await app.pending('C');
  const query = new URLSearchParams({ userId: 'D', user: 'D', pendingUserId: 'D' });

  const wrong = await browser.post(`/mfa/totp/verify?${query}`, {
    ...namesOf('D'),
    code: '0000 0000 0000 0000',
  });
  expectRefusal(wrong, 401, 'INVALID_CODE');
  expect((await app.state('C')).budget.failures).toBe(1);
  const right = await browser.post(`/mfa/totp/verify?${query}`, { ...namesOf('D'), code: c.code() });
  expect(right.body.data).toMatchObject({ user_id: 'C', failed_attempts: 1 });
  expect(await app.sessionOf(browser)).toMatchObject({ userId: 'C', mfa: { userId: 'C' } });
  expect(await app.rawState('D')).toBe(state);
});

test('PS-07 a first step of another user ends a full login, and the way back asks for everything anew', async () => {
  const e = await importUser(app, 'E');
  const f = await importUser(app, 'F');
  const browser = await app.full('E', e);
  const old = browser.copy();
  await browser.post('/login', { user: 'F', password: 'password of F' });

  expectRefusal(await browser.get('/private'), 401, 'MFA_REQUIRED');
  expectRefusal(await old.get('/private'), 401, 'UNAUTHENTICATED');
  await browser.post('/login', { user: 'E', password: 'password of E' });
  app.clock.nextStep();
  expectRefusal(await browser.post('/mfa/totp/verify', { code: f.code() }), 401, 'INVALID_CODE');
  expectRefusal(await browser.get('/private'), 401, 'MFA_REQUIRED');
  expect((await browser.post('/mfa/totp/verify', { code: e.code() })).body.data.user_id).toBe('E');
  expect(await loggedInSessions(app, 'F')).toBe(0);
});
