import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import bcrypt from 'bcrypt';
import type { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectRefusal } from '../app/expect-refusal.ts';
import { codeAt, importUser, wrongCode } from '../app/imported-user.ts';
import { watchAnswers } from '../app/watch-answers.ts';

let app: TestApp;
const answers = watchAnswers();
beforeAll(async () => {
  app = await createTestApp({ before: answers.watch, realBcrypt: true });
});
afterEach(() => {
  jest.restoreAllMocks();
  answers.check();
  expect(app.errors.splice(0)).toEqual([]);
});
afterAll(() => app.close());

const verify = (browser: Browser, code: string) => browser.post('/mfa/totp/verify', { code });

/** Runs `count` jobs, a few at a time. */
async function repeat(count: number, job: (index: number) => Promise<unknown>, atOnce = 5): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await job(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

/** How long reading a small file takes while `work` is under way, in ms: 99 of 100 times at most so long. */
async function slowestRead(work: Promise<unknown>): Promise<number> {
  const times: number[] = [];
  let busy = true;
  const done = work.finally(() => {
    busy = false;
  });
  while (busy || times.length === 0) {
    const start = performance.now();
    await readFile(__filename);
    times.push(performance.now() - start);
  }
  await done;
  return times.sort((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? Number.NaN;
}

test('DO-01 a thousand wrong backup codes never reach bcrypt, and hold up nothing else', async () => {
  await importUser(app, 'guessed');
  const [browser, guest] = [await app.pending('guessed'), app.browser()];
  const calm = await slowestRead(repeat(200, () => guest.get('/whoami')));

  const bcryptJobs = [jest.spyOn(bcrypt, 'compare'), jest.spyOn(bcrypt, 'hash')];
  const guesses = repeat(1_000, async (index) => {
    const response = await verify(browser.copy(), `ZZZZ-ZZZZ-ZZZZ-Z${String(index).padStart(3, '0')}`);
    expect([401, 429]).toContain(response.status);
  });
  // On a busy machine everything is slow: then it is compared with requests that do nothing.
  expect(await slowestRead(guesses)).toBeLessThan(Math.max(50, 3 * calm));
  for (const job of bcryptJobs) expect(job).not.toHaveBeenCalled();
  expect((await app.state('guessed')).budget.failures).toBe(5);
});

describe('DO-02 what costs processor time is rationed', () => {
  const hash = `$2b$10$${'a'.repeat(53)}`;
  /** Instead of half a second of bcrypt a turn of the event loop; counts how many jobs run at once. */
  function countHashes() {
    const count = { jobs: 0, running: 0, mostAtOnce: 0 };
    const fake = async () => {
      count.jobs++;
      count.mostAtOnce = Math.max(count.mostAtOnce, ++count.running);
      await new Promise((resolve) => setImmediate(resolve));
      count.running--;
      return hash;
    };
    jest.spyOn(bcrypt, 'hash').mockImplementation(fake as typeof bcrypt.hash);
    return count;
  }
  async function fullSession(user: string): Promise<Browser> {
    const browser = await app.full(user, await importUser(app, user));
    app.clock.nextStep();
    return browser;
  }
  const regenerate = (browser: Browser, user: string) =>
    browser.copy().post('/mfa/totp/regenerate-backup-codes', { password: `password of ${user}` });

  test('DO-02 a hundred times at once: one new set, and the others are told to wait', async () => {
    const browser = await fullSession('greedy');
    const count = countHashes();
    const responses = await Promise.all(Array.from({ length: 100 }, () => regenerate(browser, 'greedy')));
    expect(responses.filter(({ status }) => status === 200)).toHaveLength(1);
    const refused = responses.filter(({ status }) => status !== 200);
    for (const response of refused) expectRefusal(response, 429, 'TOO_MANY_ATTEMPTS');
    expect(refused[0]?.headers['retry-after']).toBe('60');
    expect(count.jobs).toBe(10);

    const state = await app.rawState('greedy');
    app.clock.move(59_999);
    const early = await regenerate(browser, 'greedy');
    expectRefusal(early, 429, 'TOO_MANY_ATTEMPTS');
    expect(early.body.data).toEqual({ retry_after: 1 });
    expect(await app.rawState('greedy')).toBe(state);
    expect(count.jobs).toBe(10);
    app.clock.move(1);
    expect((await regenerate(browser, 'greedy')).status).toBe(200);
    expect(count.jobs).toBe(20);
  });

  test('DO-02 a code that comes too soon is not used up, and one that is wrong costs no hash', async () => {
    const authenticator = await importUser(app, 'hasty');
    const browser = await app.full('hasty', authenticator);
    app.clock.nextStep(3);
    const count = countHashes();
    const send = (code: string) =>
      browser.post('/mfa/totp/regenerate-backup-codes', { password: 'password of hasty', code });
    expectRefusal(await send(wrongCode(app, authenticator)), 401, 'INVALID_CODE');
    expect(count.jobs).toBe(0);
    expect((await send(codeAt(app, authenticator, -1))).status).toBe(200);
    const code = codeAt(app, authenticator);
    expectRefusal(await send(code), 429, 'TOO_MANY_ATTEMPTS');
    expect((await verify(browser, code)).status).toBe(200);
  });

  test('DO-02 a hundred enrolments begun cost no bcrypt', async () => {
    const browser = await app.pending('beginner');
    const count = countHashes();
    const compare = jest.spyOn(bcrypt, 'compare');
    await repeat(100, async () => {
      expect((await browser.copy().post('/mfa/totp/enroll', {})).status).toBe(201);
    });
    expectRefusal(await browser.post('/mfa/totp/verify-enrollment', { code: '000000' }), 401, 'INVALID_CODE');
    expect(count.jobs).toBe(0);
    expect(compare).not.toHaveBeenCalled();
    expect(await app.state('beginner')).toMatchObject({ budget: { failures: 1 }, backupCodes: [] });
  });

  test('DO-02 whoever makes new sets, two hashes run at once: the other two threads stay free', async () => {
    const users = ['u1', 'u2', 'u3', 'u4', 'u5'];
    // One after the other: each moves the clock.
    const browsers: Browser[] = [];
    for (const user of users) browsers.push(await fullSession(user));
    const count = countHashes();
    const made = await Promise.all(browsers.map((browser, index) => regenerate(browser, users[index] ?? '')));
    expect(made.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(count).toEqual({ jobs: 50, running: 0, mostAtOnce: 2 });
  });
});

test('DO-03 a thousand second steps without a first one touch nobody’s budget', async () => {
  const authenticator = await importUser(app, 'untouched');
  app.clock.nextStep();
  const codes = [codeAt(app, authenticator), '000000', 'ZZZZ-ZZZZ-ZZZZ-ZZZZ'];
  const forged = app.browser();
  forged.cookie = `sid=s%3A${'A'.repeat(32)}.${'B'.repeat(43)}`;
  const anonymous = app.browser();
  await anonymous.post('/session', { cart: ['a book'], mfa: { userId: 'untouched', epoch: 'a guess' } });
  expect(anonymous.cookie).not.toBe('');
  const [state, sessions] = [await app.rawState('untouched'), await app.redis.keys(`${app.prefix}sess:*`)];
  app.events.splice(0);
  const put = jest.spyOn(app.store, 'put');

  const visitors = [app.browser(), forged, anonymous];
  await repeat(1_000, async (index) => {
    const body = { code: codes[index % 3], userId: 'untouched', pendingUserId: 'untouched' };
    const response = await visitors[Math.floor(index / 3) % 3]?.copy().post('/mfa/totp/verify', body);
    expect(response?.status).toBe(401);
    expect(response?.body.error_type).toBe('NO_PENDING_LOGIN');
  });
  expect(put).not.toHaveBeenCalled();
  expect(app.events).toEqual([]);
  expect(await app.rawState('untouched')).toBe(state);
  expect((await app.state('untouched')).budget).toEqual({ failures: 0, waitUntil: 0 });
  expect((await app.redis.keys(`${app.prefix}sess:*`)).sort()).toEqual(sessions.sort());
});
