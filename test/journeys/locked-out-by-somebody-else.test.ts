import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { TestAuthenticator } from 'express-mfa/testing';
import type { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectRefusal } from '../app/expect-refusal.ts';
import { codeAt, wrongCode } from '../app/imported-user.ts';
import { watchAnswers } from '../app/watch-answers.ts';

// Somebody knows A's password and does what they can; A has backup codes.
let app: TestApp;
let authenticator: TestAuthenticator;
let unused: string[];
const answers = watchAnswers();
beforeAll(async () => {
  app = await createTestApp({ before: answers.watch });
  authenticator = await app.enrol('A');
  unused = [...authenticator.backupCodes];
});
afterEach(() => {
  answers.check();
  expect(app.errors.splice(0)).toEqual([]);
});
afterAll(() => app.close());

const verify = (browser: Browser, code: string) => browser.post('/mfa/totp/verify', { code });
const wrong = () => wrongCode(app, authenticator);

async function expectTheRealUserIn(browser: Browser): Promise<void> {
  const before = (await app.state('A')).backupCodes.length;
  const response = await verify(browser, unused.shift() ?? '');
  expect(response.status).toBe(200);
  expect((await browser.get('/private')).body).toEqual({ reached: true, userId: 'A' });
  expect((await app.state('A')).backupCodes).toHaveLength(before - 1);
}

test('DO-04 during a wait that somebody else keeps up, a backup code gets the real user in', async () => {
  const attacker = await app.pending('A');
  for (const wait of [0, 30, 60, 120]) {
    app.clock.move(wait * 1_000);
    while ((await verify(attacker, wrong())).status === 401);
  }
  const user = await app.pending('A');
  expectRefusal(await verify(user, authenticator.code()), 429, 'TOO_MANY_ATTEMPTS');
  await expectTheRealUserIn(user);
});

test('DO-04 while 300 guesses run, a backup code gets the real user in', async () => {
  app.clock.move(600_000);
  const [attacker, user] = [await app.pending('A'), await app.pending('A')];
  const guess = (index: number) =>
    verify(attacker.copy(), index % 2 === 0 ? wrong() : `ZZZZ-ZZZZ-ZZZZ-Z${String(index).padStart(3, '0')}`);
  const guesses = [...Array(300).keys()].map(guess);
  await expectTheRealUserIn(user);
  expect((await Promise.all(guesses)).filter(({ status }) => status === 200)).toEqual([]);
});

test('DO-04 whatever the attacker does with first steps, the pending login of the real user stays', async () => {
  const user = await app.pending('A');
  const attackers = await Promise.all([...Array(100).keys()].map(() => app.pending('A')));
  await Promise.all(attackers.map((attacker) => attacker.post('/log-out', { everywhere: true })));
  await expectTheRealUserIn(user);
});

test('DO-04 with the authenticator disabled by 100 failures, a backup code gets the real user in and brings it back', async () => {
  while ((await app.state('A')).budget.failures < 100) {
    await app.mfa.service.verify('A', { code: wrong() });
    app.clock.move(3_600_000);
  }
  const user = await app.pending('A');
  expectRefusal(await verify(user, codeAt(app, authenticator)), 401, 'INVALID_CODE');
  await expectTheRealUserIn(user);
  expect((await app.state('A')).budget).toEqual({ failures: 0, waitUntil: 0 });
  expect((await verify(await app.pending('A'), codeAt(app, authenticator))).status).toBe(200);
});

test('DO-04 a wait is nothing to those who are in already, and does not end their sessions', async () => {
  app.clock.nextStep();
  const user = await app.full('A', authenticator);
  const attacker = await app.pending('A');
  while ((await verify(attacker, wrong())).status === 401);
  expect((await user.get('/private')).status).toBe(200);
  expect((await user.get('/sensitive')).status).toBe(200);
  expect((await user.get('/mfa/totp/status')).body.data).toMatchObject({ verified: true });
  expectRefusal(await verify(user, authenticator.code()), 429, 'TOO_MANY_ATTEMPTS');
  await expectTheRealUserIn(user);
});
