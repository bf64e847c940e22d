import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import speakeasy from 'speakeasy';
import type { Response } from 'supertest';
import type { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectRefusal } from '../app/expect-refusal.ts';
import { codeAt, importUser, wrongCode } from '../app/imported-user.ts';
import { watchAnswers } from '../app/watch-answers.ts';

let app: TestApp;
const answers = watchAnswers();
beforeAll(async () => {
  app = await createTestApp({ before: answers.watch });
});
afterEach(() => {
  jest.restoreAllMocks();
  answers.check();
  expect(app.errors.splice(0)).toEqual([]);
});
afterAll(() => app.close());

const hour = 3_600_000;
const verify = (browser: Browser, code: string) => browser.post('/mfa/totp/verify', { code });
const budget = async (user: string) => (await app.state(user)).budget;

/** The wait that the next guess is told, in seconds; 0 where it is looked at. */
async function askedToWait(user: string, code: string): Promise<number> {
  const result = await app.mfa.service.verify(user, { code });
  if (result.ok) throw new Error('The guess was right.');
  return result.retryAfter ?? 0;
}

/** As many wrong codes in a row as it takes, each at the first moment at which one is possible. */
async function failUntil(user: string, failures: number, code: () => string): Promise<number[]> {
  const waits: number[] = [];
  while (((await app.state(user))?.budget.failures ?? 0) < failures) {
    const wait = await askedToWait(user, code());
    if (wait > 0) waits.push(wait);
    app.clock.move(wait * 1_000);
  }
  return waits;
}

test('BF-09 a hundred wrong codes in a row: the schedule, and the authenticator is disabled', async () => {
  const authenticator = await importUser(app, 'A');
  app.events.splice(0);
  const waits = await failUntil('A', 100, () => wrongCode(app, authenticator));
  expect(waits).toEqual([30, 60, 120, 240, 480, 960, 1_920, ...Array.from({ length: 88 }, () => 3_600)]);
  expect(app.events.filter(({ name }) => name === 'factor.disabled_by_failures')).toEqual([
    { name: 'factor.disabled_by_failures', userId: 'A', at: app.clock.now(), failures: 100 },
  ]);

  // The last wait is over, and still the right code is refused, without being looked at.
  app.clock.move(hour);
  const browser = await app.pending('A');
  const state = await app.rawState('A');
  const computed = jest.spyOn(speakeasy, 'hotp');
  const right = codeAt(app, authenticator);
  app.events.splice(0);
  const [refused, wrong] = [await verify(browser, right), await verify(browser, '000000')];
  expectRefusal(refused, 401, 'INVALID_CODE');
  expect(refused.body).toEqual(wrong.body);
  expect(computed).not.toHaveBeenCalled();
  expect(await app.rawState('A')).toBe(state);
  expect(app.events.map((event) => 'reason' in event && event.reason)).toEqual(['disabled', 'disabled']);

  // BF-18: the login is still two-step.
  const first = await app.browser().post('/login', { user: 'A', password: 'password of A' });
  expect(first.body).toMatchObject({ status: 'mfa_required' });
  expectRefusal(await browser.get('/private'), 401, 'MFA_REQUIRED');

  // `unlock` brings it back; a code that was right all the time is good for one login.
  await app.mfa.service.unlock('A');
  expect(await budget('A')).toEqual({ failures: 0, waitUntil: 0 });
  expect((await verify(browser, codeAt(app, authenticator))).status).toBe(200);
});

test('BF-09 99 failures are not 100: the right code is accepted, and all is forgotten', async () => {
  const authenticator = await importUser(app, 'nearly');
  await failUntil('nearly', 99, () => wrongCode(app, authenticator));
  app.clock.move(hour);
  const browser = await app.pending('nearly');
  expect((await verify(browser, codeAt(app, authenticator))).body.data).toMatchObject({
    failed_attempts: 99,
  });
  expect(await budget('nearly')).toEqual({ failures: 0, waitUntil: 0 });
});

test('BF-09 unlock ends a wait as well', async () => {
  const authenticator = await importUser(app, 'unlocked');
  await failUntil('unlocked', 7, () => wrongCode(app, authenticator));
  const browser = await app.pending('unlocked');
  expectRefusal(await verify(browser, authenticator.code()), 429, 'TOO_MANY_ATTEMPTS');
  await app.mfa.service.unlock('unlocked');
  app.clock.nextStep();
  expect((await verify(browser, authenticator.code())).status).toBe(200);
});

test('BF-09 a hundred failures without an authenticator disable nothing', async () => {
  app.events.splice(0);
  await failUntil('nobody', 100, () => '000000');
  expect(app.events.map(({ name }) => name)).not.toContain('factor.disabled_by_failures');
  const login = await app.browser().post('/login', { user: 'nobody', password: 'password of nobody' });
  expect(login.body).toMatchObject({ status: 'complete' });
});

test('a clock that goes back a year prolongs no wait of a code beyond an hour', async () => {
  const authenticator = await importUser(app, 'timeless');
  await failUntil('timeless', 5, () => wrongCode(app, authenticator));
  app.clock.move(-365 * 24 * hour);
  const waiting = await verify(await app.pending('timeless'), '000000');
  expectRefusal(waiting, 429, 'TOO_MANY_ATTEMPTS');
  expect(waiting.headers['retry-after']).toBe('3600');

  app.clock.move(hour);
  expectRefusal(await verify(await app.pending('timeless'), '000000'), 401, 'INVALID_CODE');
  expect((await budget('timeless')).failures).toBe(6);
  app.clock.move(365 * 24 * hour);
});

test('a clock that goes back a day prolongs no wait of a password beyond an hour', async () => {
  const full = await app.pending('timeless password');
  app.clock.move(301_000);
  const enrol = (password: string) => full.post('/mfa/totp/enroll', { password });
  for (let time = 0; time < 5; time++) await enrol('a guess');
  app.clock.move(-24 * hour);
  expectRefusal(await enrol('password of timeless password'), 429, 'TOO_MANY_ATTEMPTS');
  app.clock.move(hour);
  expect((await enrol('password of timeless password')).status).toBe(201);
  app.clock.move(23 * hour);
});

test('BF-08 a wait is kept by another process and by one that was started anew', async () => {
  const { prefix, clock } = app;
  const authenticator = await importUser(app, 'everywhere');
  app.clock.nextStep();
  const first = await createTestApp({ prefix, clock });
  const pending = await first.pending('everywhere');
  for (let time = 0; time < 5; time++) {
    expectRefusal(await verify(pending, wrongCode(first, authenticator)), 401, 'INVALID_CODE');
  }
  await first.close();

  const second = await createTestApp({ prefix, clock });
  const moved = second.browser();
  moved.cookie = pending.cookie;
  const state = await app.rawState('everywhere');
  const attempts: Response[] = [];
  for (const visitor of [moved, await second.pending('everywhere'), await app.pending('everywhere')]) {
    attempts.push(await verify(visitor, codeAt(app, authenticator, 1)));
  }
  for (const attempt of attempts) {
    expectRefusal(attempt, 429, 'TOO_MANY_ATTEMPTS');
    expect(attempt.headers['retry-after']).toBe('30');
  }
  expect(await app.rawState('everywhere')).toBe(state);

  clock.move(30_000);
  expect((await verify(moved, codeAt(app, authenticator))).status).toBe(200);
  await second.close();
});

test('what is left of a wait is told in whole seconds that are enough', async () => {
  const authenticator = await importUser(app, 'rounded');
  await failUntil('rounded', 5, () => wrongCode(app, authenticator));
  const { waitUntil } = await budget('rounded');
  for (const [left, told] of [
    [29_001, 30],
    [29_000, 29],
    [1, 1],
    [0, 0],
  ] as const) {
    app.clock.move(waitUntil - left - app.clock.now());
    expect([left, await askedToWait('rounded', wrongCode(app, authenticator))]).toEqual([left, told]);
  }
});
