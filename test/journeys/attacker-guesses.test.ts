import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Response } from 'supertest';
import type { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { importUser, wrongCode } from '../app/imported-user.ts';
import { loggedInSessions } from '../app/stored-sessions.ts';
import { watchAnswers } from '../app/watch-answers.ts';

let app: TestApp;
const answers = watchAnswers();
beforeAll(async () => {
  app = await createTestApp({ before: answers.watch });
});
afterEach(() => {
  answers.check();
  expect(app.errors.splice(0)).toEqual([]);
});
afterAll(() => app.close());

const wrongBackupCode = (index: number) => `ZZZZ-ZZZZ-ZZZZ-Z${String(index).padStart(3, '0')}`;
const verify = (browser: Browser, code: string) => browser.post('/mfa/totp/verify', { code });

/** Everything at once: how often each status was answered. */
async function atOnce(requests: readonly Promise<Response>[]): Promise<Record<number, number>> {
  const counts: Record<number, number> = {};
  for (const { status } of await Promise.all(requests)) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}
const times = <T>(length: number, make: (index: number) => T): T[] =>
  Array.from({ length }, (_, index) => make(index));

describe('somebody knows the password and sends 500 wrong codes at once', () => {
  test('BF-02 over one session: five are looked at', async () => {
    const wrong = wrongCode(app, await importUser(app, 'one'));
    const browser = await app.pending('one');
    expect(await atOnce(times(500, () => verify(browser.copy(), wrong)))).toEqual({ 401: 5, 429: 495 });
    expect((await app.state('one')).budget).toEqual({ failures: 5, waitUntil: app.clock.now() + 30_000 });
    expect(await loggedInSessions(app, 'one')).toBe(0);
  });

  test('BF-02 over a hundred sessions: five are looked at', async () => {
    const wrong = wrongCode(app, await importUser(app, 'many'));
    const browsers = await Promise.all(times(100, () => app.pending('many')));
    const requests = browsers.flatMap((browser) => times(5, () => verify(browser.copy(), wrong)));
    expect(await atOnce(requests)).toEqual({ 401: 5, 429: 495 });
    expect((await app.state('many')).budget).toEqual({ failures: 5, waitUntil: app.clock.now() + 30_000 });
    expect(await loggedInSessions(app, 'many')).toBe(0);
  });

  test('BF-02 backup codes and codes mixed, over two processes: five are looked at', async () => {
    const wrong = wrongCode(app, await importUser(app, 'mixed'));
    const other = await createTestApp({ prefix: app.prefix, clock: app.clock, before: answers.watch });
    const [here, there] = [await app.pending('mixed'), await other.pending('mixed')];
    const requests = times(500, (index) => {
      const browser = (index % 2 === 0 ? here : there).copy();
      return verify(browser, index % 3 === 0 ? wrongBackupCode(index) : wrong);
    });
    expect(await atOnce(requests)).toEqual({ 401: 5, 429: 495 });
    expect((await app.state('mixed')).budget).toEqual({ failures: 5, waitUntil: app.clock.now() + 30_000 });
    await other.close();
  });
});

test('BF-02 a hundred at once at the end of each wait: one is looked at, and the next wait is longer', async () => {
  const wrong = wrongCode(app, await importUser(app, 'patient'));
  const browser = await app.pending('patient');
  expect(await atOnce(times(100, () => verify(browser.copy(), wrong)))).toEqual({ 401: 5, 429: 95 });
  for (const wait of [30_000, 60_000, 120_000]) {
    app.clock.move(wait - 1);
    expect(await atOnce(times(20, () => verify(browser.copy(), wrong)))).toEqual({ 429: 20 });
    app.clock.move(1);
    expect(await atOnce(times(100, () => verify(browser.copy(), wrong)))).toEqual({ 401: 1, 429: 99 });
  }
  expect((await app.state('patient')).budget.failures).toBe(8);
});

test('BF-02 after 99 failures, a hundred at once: one disables the authenticator, and is told of once', async () => {
  const wrong = wrongCode(app, await importUser(app, 'last'));
  while ((await app.state('last')).budget.failures < 99) {
    await app.mfa.service.verify('last', { code: wrong });
    app.clock.move(3_600_000);
  }
  const browser = await app.pending('last');
  app.events.splice(0);
  expect(await atOnce(times(100, () => verify(browser.copy(), wrong)))).toEqual({ 401: 1, 429: 99 });
  expect((await app.state('last')).budget.failures).toBe(100);
  const names = app.events.map(({ name }) => name);
  expect(names.filter((name) => name === 'factor.disabled_by_failures')).toHaveLength(1);
  expect(names.filter((name) => name === 'challenge.failed')).toHaveLength(100);
});

test('the right code among 200 wrong ones at once opens at most one session', async () => {
  const authenticator = await importUser(app, 'lucky');
  app.clock.nextStep();
  const wrong = wrongCode(app, authenticator);
  const right = authenticator.code();
  const browsers = await Promise.all(times(20, () => app.pending('lucky')));
  const requests = browsers.flatMap((browser, index) =>
    times(10, (turn) => verify(browser.copy(), index === 0 && turn === 3 ? right : wrong)),
  );
  const responses = await Promise.all(requests);
  const opened = responses.filter(({ status }) => status === 200).length;
  const lookedAt = responses.filter(({ body }) => body.error_type === 'INVALID_CODE').length;
  expect(opened).toBeLessThanOrEqual(1);
  // A success clears the failures before it, so that five more can be made.
  expect(lookedAt).toBeLessThanOrEqual(opened === 1 ? 9 : 5);
  expect(await loggedInSessions(app, 'lucky')).toBe(opened);
});

test('somebody who guesses at two users gets five guesses at each', async () => {
  const [a, b] = [await importUser(app, 'first of two'), await importUser(app, 'second of two')];
  const [atA, atB] = [await app.pending('first of two'), await app.pending('second of two')];
  const requests = times(50, () => [
    verify(atA.copy(), wrongCode(app, a)),
    verify(atB.copy(), wrongCode(app, b)),
  ]).flat();
  expect(await atOnce(requests)).toEqual({ 401: 10, 429: 90 });
});
