import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { codeAt, importUser } from '../app/imported-user.ts';
import { watchAnswers } from '../app/watch-answers.ts';

/** The host's own flag in its users table, kept from the events. */
const flagged = new Set<string | number>();
const isEnrolled = jest.fn((userId: string | number): unknown => flagged.has(userId));
const answers = watchAnswers();
let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({
    before: answers.watch,
    mfa: { isEnrolled: (userId) => isEnrolled(userId) as boolean },
  });
  app.mfa.service.events.on('enrollment.confirmed', ({ userId }) => flagged.add(userId));
  app.mfa.service.events.on('mfa.reset', ({ userId }) => flagged.delete(userId));
  app.mfa.service.events.on('mfa.disabled', ({ userId }) => flagged.delete(userId));
});
afterEach(() => {
  answers.check();
  isEnrolled.mockClear();
});
afterAll(() => app.close());

/** As after a flush, or the restore of an old backup. */
const lose = (user: string) => app.writeRawState(user, null);

test('without the option, a lost account is "not enrolled": what the option is for', async () => {
  const trusting = await createTestApp();
  await importUser(trusting, 'A');
  await trusting.writeRawState('A', null);
  const login = await trusting.browser().post('/login', { user: 'A', password: 'password of A' });
  expect(login.body.status).toBe('complete');
  await trusting.close();
});

test('a lost account is a fault everywhere: no login, no page behind a guard, no new factor', async () => {
  const authenticator = await importUser(app, 'A');
  app.clock.nextStep();
  const browser = await app.full('A', authenticator);
  const pending = await app.pending('A');
  await lose('A');
  const before = app.events.length;

  const login = await app.browser().post('/login', { user: 'A', password: 'password of A' });
  expect([login.status, login.body.code]).toEqual([503, 'account_missing']);
  expect((await browser.get('/private')).status).toBe(503);
  expect((await browser.get('/lenient')).status).toBe(503);
  expect((await pending.post('/mfa/totp/verify', { code: codeAt(app, authenticator, 1) })).status).toBe(503);
  expect((await browser.post('/mfa/totp/enroll', { password: 'password of A' })).status).toBe(503);
  expect((await browser.get('/mfa/totp/status')).status).toBe(503);
  answers.takeFaults();
  expect(app.reached()).toBe(0);
  expect(await app.rawState('A')).toBeNull();
  const events = app.events.slice(before);
  expect(events.length).toBeGreaterThanOrEqual(6);
  expect(new Set(events.map(({ name }) => name))).toEqual(new Set(['account.missing']));
  expect(events[0]).toMatchObject({ userId: 'A', intended: expect.any(String) });
});

test('an admin resets it, and the user can set it up anew', async () => {
  await importUser(app, 'R');
  await lose('R');
  await expect(app.mfa.service.status('R')).rejects.toMatchObject({ code: 'account_missing', status: 503 });
  await app.mfa.service.reset('R');
  expect(flagged.has('R')).toBe(false);
  expect(await app.mfa.service.status('R')).toMatchObject({ enrolled: false });
  await importUser(app, 'R');
  expect(await app.mfa.service.status('R')).toMatchObject({ enrolled: true });
});

test('an import is not stopped by the flag of the system that is left', async () => {
  flagged.add('M');
  await importUser(app, 'M');
  expect(await app.mfa.service.status('M')).toMatchObject({ enrolled: true });
});

test('who is not flagged is not enrolled; who has an account is not asked about', async () => {
  expect((await app.mfa.service.status('new')).enrolled).toBe(false);
  expect(isEnrolled).toHaveBeenCalledWith('new');
  await importUser(app, 'has');
  isEnrolled.mockClear();
  flagged.delete('has');
  expect((await app.mfa.service.status('has')).enrolled).toBe(true);
  expect(isEnrolled).not.toHaveBeenCalled();
});

test.each([
  ['throws', () => Promise.reject(new Error('the users table is down'))],
  ['answers neither true nor false', () => 'yes'],
  ['answers nothing', () => undefined],
])('no access where it %s', async (_, answer) => {
  isEnrolled.mockImplementation(answer);
  const login = await app.browser().post('/login', { user: 'N', password: 'password of N' });
  expect(login.status).toBe(500);
  expect(login.body.status).toBeUndefined();
  await expect(app.mfa.service.status('N')).rejects.toThrow();
  isEnrolled.mockImplementation((userId) => flagged.has(userId));
  answers.takeFaults();
});

test('one that hangs is ended by the deadline', async () => {
  isEnrolled.mockImplementation(() => new Promise(() => undefined));
  await expect(app.mfa.service.status('slow')).rejects.toMatchObject({ code: 'deadline_exceeded' });
  isEnrolled.mockImplementation((userId) => flagged.has(userId));
});
