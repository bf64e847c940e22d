import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import type { Response } from 'supertest';
import type { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectRefusal } from '../app/expect-refusal.ts';
import { holdNext, readTogether } from '../app/hold-store.ts';
import { codeAt, importUser } from '../app/imported-user.ts';
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
  app.events.length = 0;
  jest.restoreAllMocks();
});
afterAll(() => app.close());

const pendingLogins = (user: string, count: number): Promise<Browser[]> =>
  Promise.all(Array.from({ length: count }, () => app.pending(user)));

/** So many of them have read the account before the first may write: few enough for the deadline of a busy machine. */
const together = 20;

/** Exactly one was accepted, all others got `refusal`; gives the index of the one. */
function expectOneWinner(responses: readonly Response[], refusal: readonly [number, string]): number {
  const winners = responses.flatMap(({ status }, index) => (status === 200 ? [index] : []));
  expect(winners).toHaveLength(1);
  for (const response of responses) if (response.status !== 200) expectRefusal(response, ...refusal);
  return winners[0] ?? -1;
}

const outcomes = () =>
  app.events
    .filter(({ name }) => name.startsWith('challenge'))
    .map((event) => ('reason' in event ? event.reason : 'accepted'))
    .sort();

test('RP-03 a hundred browsers send one code at once: one is let in', async () => {
  const authenticator = await importUser(app, 'A');
  app.clock.nextStep();
  const browsers = await pendingLogins('A', 100);
  const code = codeAt(app, authenticator);
  app.events.length = 0;

  readTogether(app.store, together);
  const responses = await Promise.all(browsers.map((browser) => browser.post('/mfa/totp/verify', { code })));
  const winner = expectOneWinner(responses, [401, 'INVALID_CODE']);
  expect(outcomes()).toEqual(['accepted', ...Array(99).fill('replayed')]);
  expect(await app.state('A')).toMatchObject({
    authenticators: [{ lastStep: Math.floor(app.clock.now() / 30_000) }],
    budget: { failures: 0, waitUntil: 0 },
    used: [{ id: expect.any(String) }],
  });
  expect((await app.state('A')).used).toHaveLength(1);
  expect(await loggedInSessions(app, 'A')).toBe(1);
  const opened = await Promise.all(browsers.map((browser) => browser.get('/private')));
  expect(opened.findIndex(({ status }) => status === 200)).toBe(winner);
  expectOneWinner(opened, [401, 'MFA_REQUIRED']);
});

test('RP-03 a hundred times the same browser, as well', async () => {
  const authenticator = await importUser(app, 'B');
  const browser = await app.pending('B');
  const tabs = Array.from({ length: 100 }, () => browser.copy());
  const code = authenticator.code();
  app.events.length = 0;

  readTogether(app.store, together);
  const responses = await Promise.all(tabs.map((tab) => tab.post('/mfa/totp/verify', { code })));
  const winner = expectOneWinner(responses, [401, 'NO_PENDING_LOGIN']);
  expect(outcomes()).toEqual(['accepted']);
  expect((await app.state('B')).budget.failures).toBe(0);
  expect(await loggedInSessions(app, 'B')).toBe(1);
  expect((await tabs[winner]?.get('/private'))?.status).toBe(200);
  expectRefusal(await browser.get('/private'), 401, 'UNAUTHENTICATED');
});

test('RP-03 twenty browsers that are logged in renew their proof by one code: one does', async () => {
  const authenticator = await importUser(app, 'C');
  const browsers: Browser[] = [];
  for (let count = 0; count < 20; count++) {
    browsers.push(await app.full('C', authenticator));
    app.clock.nextStep();
  }
  app.clock.move(300_000);
  const code = codeAt(app, authenticator);
  app.events.length = 0;

  readTogether(app.store, together);
  const responses = await Promise.all(browsers.map((browser) => browser.post('/mfa/totp/verify', { code })));
  const winner = expectOneWinner(responses, [401, 'INVALID_CODE']);
  expect(outcomes()).toEqual(['accepted', ...Array(19).fill('replayed')]);
  const opened = await Promise.all(browsers.map((browser) => browser.get('/sensitive')));
  expect(opened.findIndex(({ status }) => status === 200)).toBe(winner);
  expectOneWinner(opened, [401, 'MFA_REQUIRED']);
  expect(await loggedInSessions(app, 'C')).toBe(20);
});

test('RP-03 one code for a login, a step-up, the end of the second step and from code: one succeeds', async () => {
  for (let round = 0; round < 8; round++) {
    const user = `D${round}`;
    const authenticator = await importUser(app, user);
    const full = await app.full(user, authenticator);
    const other = full.copy();
    const pending = await app.pending(user);
    app.clock.nextStep(2);
    const code = codeAt(app, authenticator);
    app.events.length = 0;

    const calls = [
      () => pending.post('/mfa/totp/verify', { code }).then(({ status }) => status === 200),
      () => full.post('/mfa/totp/verify', { code }).then(({ status }) => status === 200),
      () =>
        other
          .delete('/mfa/totp/disable', { code, password: `password of ${user}` })
          .then(({ status }) => status === 200),
      () => app.mfa.service.verify(user, { code }).then(({ ok }) => ok),
    ];
    // Each of them comes first in some rounds.
    readTogether(app.store, calls.length);
    const inTurn = calls.map((_call, index) => calls[(index + round) % calls.length]);
    const succeeded = await Promise.all(inTurn.map((call) => call?.()));
    expect(succeeded.filter(Boolean)).toHaveLength(1);
    expect(outcomes().filter((outcome) => outcome === 'accepted')).toHaveLength(1);
    jest.restoreAllMocks();
  }
});

test('RP-10 one pending login, a code and nine backup codes at once: one login, one factor spent', async () => {
  const authenticator = await app.enrol('E');
  app.clock.nextStep(2);
  const browser = await app.pending('E');
  const [{ lastStep }] = (await app.state('E')).authenticators;
  const codes = [codeAt(app, authenticator), ...authenticator.backupCodes.slice(0, 9)];
  const tabs = codes.map(() => browser.copy());
  app.events.length = 0;

  readTogether(app.store, tabs.length);
  const responses = await Promise.all(
    tabs.map((tab, index) => tab.post('/mfa/totp/verify', { code: codes[index] })),
  );
  const winner = expectOneWinner(responses, [401, 'NO_PENDING_LOGIN']);
  expect(outcomes()).toEqual(['accepted']);
  const state = await app.state('E');
  const spent = {
    totp: state.authenticators[0].lastStep > lastStep,
    backupCodes: 10 - state.backupCodes.length,
  };
  expect(spent).toEqual(winner === 0 ? { totp: true, backupCodes: 0 } : { totp: false, backupCodes: 1 });
  expect(state.budget).toEqual({ failures: 0, waitUntil: 0 });
  expect(await loggedInSessions(app, 'E')).toBe(1);
  const opened = await Promise.all(tabs.map((tab) => tab.get('/private')));
  expect(opened.map(({ status }) => status)).toEqual(codes.map((_, index) => (index === winner ? 200 : 401)));

  // What was not spent still works: all but the winner's.
  const rest = codes.filter((_code, index) => index !== winner && index < 3);
  for (const code of rest) {
    expect((await (await app.pending('E')).post('/mfa/totp/verify', { code })).status).toBe(200);
  }
});

test('RP-10 and it is the backup code that is spent where its write comes first', async () => {
  const authenticator = await app.enrol('F');
  app.clock.nextStep(2);
  const browser = await app.pending('F');
  const tab = browser.copy();
  const { authenticators } = await app.state('F');
  app.events.length = 0;

  const held = holdNext(app.store, 'put');
  const byCode = browser.post('/mfa/totp/verify', { code: codeAt(app, authenticator) });
  await held.arrived;
  const byBackupCode = await tab.post('/mfa/totp/verify', { code: authenticator.backupCodes[0] });
  held.release();
  expect(byBackupCode.body.data).toMatchObject({ method: 'backup_code', backup_codes_remaining: 9 });
  expectRefusal(await byCode, 401, 'NO_PENDING_LOGIN');
  expect(outcomes()).toEqual(['accepted']);
  expect(await app.state('F')).toMatchObject({ authenticators, budget: { failures: 0 } });
  expect(await loggedInSessions(app, 'F')).toBe(1);
  expect((await tab.get('/private')).status).toBe(200);
});
