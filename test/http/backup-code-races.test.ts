import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import bcrypt from 'bcrypt';
import type { TestAuthenticator } from 'express-mfa/testing';
import type { Response } from 'supertest';
import type { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { holdNext } from '../app/hold-store.ts';
import { loggedInSessions } from '../app/stored-sessions.ts';
import { watchAnswers } from '../app/watch-answers.ts';

let app: TestApp;
let authenticator: TestAuthenticator;
let unused: string[];
const answers = watchAnswers();
beforeAll(async () => {
  app = await createTestApp({ before: answers.watch });
  authenticator = await app.enrol('A');
  unused = [...authenticator.backupCodes];
});
beforeEach(async () => {
  await app.mfa.service.endSessions('A');
  await app.mfa.service.unlock('A');
  app.events.splice(0);
});
afterEach(() => {
  jest.restoreAllMocks();
  answers.check();
  expect(app.errors.splice(0)).toEqual([]);
});
afterAll(() => app.close());

const verify = (browser: Browser, code: string) => browser.post('/mfa/totp/verify', { code });
const takeCode = () => unused.shift() ?? '';
const pendingBrowsers = (count: number) => Promise.all(Array.from({ length: count }, () => app.pending('A')));
const statuses = (responses: readonly Response[]) => responses.map(({ status }) => status).sort();
const left = async () => (await app.state('A')).backupCodes.map(([, index]: [string, string]) => index);

test('BC-02 one code from fifty pending logins at once: one login, and one code is gone', async () => {
  const browsers = await pendingBrowsers(50);
  const [code, before, sessions] = [takeCode(), await left(), await loggedInSessions(app, 'A')];
  const responses = await Promise.all(browsers.map((browser) => verify(browser, code)));

  expect(responses.filter(({ status }) => status === 200)).toHaveLength(1);
  for (const { status, body } of responses) {
    if (status !== 200) expect(['INVALID_CODE', 'TOO_MANY_ATTEMPTS']).toContain(body.error_type);
  }
  expect(await left()).toEqual(before.slice(1));
  expect(await loggedInSessions(app, 'A')).toBe(sessions + 1);
  expect(app.events.filter(({ name }) => name === 'backup_code.used')).toHaveLength(1);
  expect((await app.state('A')).budget.failures).toBeLessThanOrEqual(5);
  const guarded = await Promise.all(browsers.map((browser) => browser.get('/private')));
  expect(guarded.filter(({ status }) => status === 200)).toHaveLength(1);
});

test('BC-02 two logins that read the same account: the loser is refused, compares once, and is not counted', async () => {
  const [slow, fast] = await pendingBrowsers(2);
  const code = takeCode();
  const compare = jest.spyOn(bcrypt, 'compare');
  const held = holdNext(app.store, 'put');
  const losing = verify(slow as Browser, code);
  await held.arrived;
  expect((await verify(fast as Browser, code)).status).toBe(200);
  held.release();

  const lost = await losing;
  expect(lost.status).toBe(401);
  expect(lost.body.error_type).toBe('INVALID_CODE');
  expect(compare).toHaveBeenCalledTimes(2);
  expect((await app.state('A')).budget.failures).toBe(0);
  expect(app.events.map((event) => ('reason' in event ? event.reason : event.name))).toEqual([
    'challenge.succeeded',
    'backup_code.used',
    'replayed',
  ]);
});

test('BC-03 two codes that read the same account are both accepted, and both gone', async () => {
  const [one, two] = await pendingBrowsers(2);
  const [x, y, before] = [takeCode(), takeCode(), await left()];
  const compare = jest.spyOn(bcrypt, 'compare');
  const held = holdNext(app.store, 'put');
  const first = verify(one as Browser, x);
  await held.arrived;
  expect((await verify(two as Browser, y)).status).toBe(200);
  held.release();

  const response = await first;
  expect(response.status).toBe(200);
  expect(response.body.data.backup_codes_remaining).toBe(before.length - 2);
  expect(await left()).toEqual(before.slice(2));
  // The write that lost was tried again without comparing again.
  expect(compare).toHaveBeenCalledTimes(2);
  for (const code of [x, y]) expect((await verify(await app.pending('A'), code)).status).toBe(401);
});

test('BC-03 four codes at once, over two processes: four logins, four codes gone, none resurrected', async () => {
  const other = await createTestApp({ prefix: app.prefix, clock: app.clock, before: answers.watch });
  const browsers = await Promise.all([app, other, app, other].map((process) => process.pending('A')));
  const [before, codes] = [await left(), browsers.map(takeCode)];
  const responses = await Promise.all(browsers.map((browser, index) => verify(browser, codes[index] ?? '')));
  expect(statuses(responses)).toEqual([200, 200, 200, 200]);
  const told = responses.map(({ body }) => before.length - body.data.backup_codes_remaining).sort();
  expect(told).toEqual([1, 2, 3, 4]);
  expect(await left()).toEqual(before.slice(4));
  await other.close();
});

test('a code that is being spent while a new set is made belongs to neither', async () => {
  const browser = await app.full('A', authenticator);
  app.clock.nextStep();
  const late = await app.pending('A');
  const code = takeCode();
  const held = holdNext(app.store, 'put');
  const spending = verify(late, code);
  await held.arrived;
  const regenerated = await browser.post('/mfa/totp/regenerate-backup-codes', { password: 'password of A' });
  expect(regenerated.status).toBe(200);
  const state = await app.rawState('A');
  held.release();

  const response = await spending;
  expect(response.status).toBe(401);
  expect(response.body.error_type).toBe('INVALID_CODE');
  expect(await app.rawState('A')).toBe(state);
  unused = regenerated.body.data.backup_codes;
  expect(unused).not.toContain(code);
  expect((await verify(await app.pending('A'), takeCode())).status).toBe(200);
});
