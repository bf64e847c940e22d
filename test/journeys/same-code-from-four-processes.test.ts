import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TestAuthenticator } from 'express-mfa/testing';
import { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp, testKey } from '../app/create-test-app.ts';
import { expectRefusal } from '../app/expect-refusal.ts';
import { codeAt } from '../app/imported-user.ts';
import { type AppProcess, startAppProcess } from '../app/start-app-process.ts';
import { loggedInSessions } from '../app/stored-sessions.ts';
import { describeOverProcesses } from '../stores/describe-over-processes.ts';

let app: TestApp;
let processes: AppProcess[] = [];
let authenticator: TestAuthenticator;

/** Browsers in which the password was given, a quarter of them at each process. */
function pendingBrowsers(length: number): Promise<Browser[]> {
  const browsers = Array.from({ length }, (_, index) => new Browser(processes[index % 4]?.url ?? ''));
  return Promise.all(
    browsers.map(async (browser) => {
      await browser.post('/login', { user: 'A', password: 'password of A' });
      return browser;
    }),
  );
}

/** Sends one code from all of them at once, and gives the browser that was let in. */
async function expectOneLetIn(browsers: readonly Browser[], code: string, refusals: Record<number, string>) {
  const sessions = await loggedInSessions(app, 'A');
  const responses = await Promise.all(browsers.map((browser) => browser.post('/mfa/totp/verify', { code })));
  expect(responses.filter(({ status }) => status === 200)).toHaveLength(1);
  for (const response of responses) {
    expect(response.headers['cache-control']).toBe('no-store');
    if (response.status === 200) continue;
    expectRefusal(response, response.status, refusals[response.status] ?? 'no other answer than these');
  }
  expect(await loggedInSessions(app, 'A')).toBe(sessions + 1);
  const opened = await Promise.all(browsers.map((browser) => browser.get('/private')));
  expect(opened.map(({ status }) => status)).toEqual(
    responses.map(({ status }) => (status === 200 ? 200 : 401)),
  );
}

describeOverProcesses('one code at four processes', () => {
  beforeAll(async () => {
    app = await createTestApp();
    const { prefix } = app;
    authenticator = await app.enrol('A');
    app.clock.nextStep(2);
    const settings = { redisUrl: process.env.REDIS_URL ?? '', prefix, key: testKey, now: app.clock.now() };
    processes = await Promise.all(Array.from({ length: 4 }, () => startAppProcess(settings)));
  });
  afterAll(async () => {
    await Promise.all(processes.map((process) => process.stop()));
    await app.close();
  });

  test('the processes are four, and each is another one', async () => {
    expect(new Set([process.pid, ...processes.map(({ pid }) => pid)]).size).toBe(5);
    expect(new Set(processes.map(({ url }) => url)).size).toBe(4);
  });

  test('RP-04 a hundred logins at four processes send one code at once: one is let in', async () => {
    const before = await app.state('A');
    const browsers = await pendingBrowsers(100);
    await expectOneLetIn(browsers, codeAt(app, authenticator), { 401: 'INVALID_CODE' });
    const after = await app.state('A');
    expect(after.authenticators[0].lastStep).toBe(Math.floor(app.clock.now() / 30_000));
    expect(after.budget).toEqual({ failures: 0, waitUntil: 0 });
    expect(after.backupCodes).toEqual(before.backupCodes);
    expect(after.used).toHaveLength(before.used.length + 1);
  });

  test('RP-04 fifty-two logins at four processes send one backup code at once: one is let in', async () => {
    const before = await app.state('A');
    const [code = ''] = authenticator.backupCodes;
    const browsers = await pendingBrowsers(52);
    // What comes after the code is gone from the record is a wrong one like any other.
    await expectOneLetIn(browsers, code, { 401: 'INVALID_CODE', 429: 'TOO_MANY_ATTEMPTS' });
    const after = await app.state('A');
    expect(after.backupCodes).toHaveLength(9);
    expect(before.backupCodes).toEqual(expect.arrayContaining(after.backupCodes));
    expect(after.authenticators).toEqual(before.authenticators);
    expect(after.budget.failures).toBeLessThanOrEqual(5);
  });

  test('RP-04 one pending login at four processes is completed at one of them', async () => {
    await app.mfa.service.unlock('A');
    const pending = await app.pending('A');
    const tabs = Array.from({ length: 40 }, (_, index) => new Browser(processes[index % 4]?.url ?? ''));
    for (const tab of tabs) tab.cookie = pending.cookie;
    await expectOneLetIn(tabs, codeAt(app, authenticator, 1), { 401: 'NO_PENDING_LOGIN' });
  });
});
