import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import express from 'express';
import type { Response } from 'supertest';
import type { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { holdNext } from '../app/hold-store.ts';
import { importUser, wrongCode } from '../app/imported-user.ts';
import { storedSessions } from '../app/stored-sessions.ts';
import { watchAnswers } from '../app/watch-answers.ts';

const answers = watchAnswers();
afterEach(() => {
  jest.restoreAllMocks();
  answers.check();
});

/** Two clicks of one browser on one button. */
async function twoClicks(app: TestApp, user: string) {
  const authenticator = await importUser(app, user);
  const browser = await app.pending(user);
  const code = authenticator.code();
  const click = (tab: Browser) => tab.post('/mfa/totp/verify', { code });
  return { authenticator, browser, first: browser.copy(), second: browser.copy(), click };
}

/** Only the winner sets a cookie, so the browser ends with it whichever answer comes last. */
async function expectLoggedIn(app: TestApp, old: Browser, winner: Browser, loser: Response): Promise<void> {
  expect(loser.status).toBe(401);
  expect(loser.body.error_type).toBe('NO_PENDING_LOGIN');
  expect(loser.headers['set-cookie']).toBeUndefined();
  expect(await app.sessionOf(old)).toBeUndefined();
  expect((await winner.get('/private')).status).toBe(200);
}

describe.each([
  ['rolling', { rolling: true }],
  ['rolling and saveUninitialized', { rolling: true, saveUninitialized: true }],
  ['rolling and resave', { rolling: true, resave: true }],
  ['rolling and unset: destroy', { rolling: true, unset: 'destroy' }],
] as const)('with %s', (_name, session) => {
  let app: TestApp;
  beforeAll(async () => {
    app = await createTestApp({
      before: answers.watch,
      session,
      after(host, mfa) {
        host.post('/finish', express.json(), async (req, res) => {
          const finished = await mfa.finishLogin(req, req.body);
          res.json(finished);
        });
      },
    });
  });
  afterAll(() => app.close());

  test('SU-17 both at once: one of them logs in', async () => {
    const { browser, first, second, click } = await twoClicks(app, 'at once');
    const both = await Promise.all([click(first), click(second)]);
    const statuses = both.map(({ status }) => status);
    expect([...statuses].sort()).toEqual([200, 401]);
    const [winner, loser] = statuses[0] === 200 ? [first, both[1]] : [second, both[0]];
    expect(winner.cookie).not.toBe(browser.cookie);
    await expectLoggedIn(app, browser, winner, loser);
    expect((await app.state('at once')).budget.failures).toBe(0);
  });

  test('SU-17 the second has read the account before the first writes, and answers after it', async () => {
    const { browser, first, second, click } = await twoClicks(app, 'answers last');
    const held = holdNext(app.store, 'get');
    const losing = click(second);
    await held.arrived;
    expect((await click(first)).status).toBe(200);
    held.release();
    await expectLoggedIn(app, browser, first, await losing);
  });

  test('SU-17 the second is answered while the first still saves its session', async () => {
    const { browser, first, second, click } = await twoClicks(app, 'answers first');
    const gate = new EventTarget();
    const saving = once(gate, 'saving');
    const released = once(gate, 'released');
    const { set } = app.sessions;
    jest.spyOn(app.sessions, 'set').mockImplementationOnce(async (...call) => {
      gate.dispatchEvent(new Event('saving'));
      await released;
      return set.apply(app.sessions, call);
    });
    const winning = click(first);
    await saving;
    const lost = await click(second);
    gate.dispatchEvent(new Event('released'));
    expect((await winning).status).toBe(200);
    await expectLoggedIn(app, browser, first, lost);
  });

  test('SU-17 the second reads its session when the first has removed it: no session takes its place', async () => {
    const { browser, first, second, click } = await twoClicks(app, 'comes late');
    expect((await click(first)).status).toBe(200);
    const sessions = Object.keys(await storedSessions(app)).sort();
    const lost = await click(second);
    await expectLoggedIn(app, browser, first, lost);
    expect(Object.keys(await storedSessions(app)).sort()).toEqual(sessions);
  });

  test('SU-17 the same where the host answers: the second click sets no cookie', async () => {
    const { browser, authenticator, first, second, click } = await twoClicks(app, 'host answers');
    const held = holdNext(app.store, 'get');
    const losing = second.post('/finish', { code: wrongCode(app, authenticator) });
    await held.arrived;
    expect((await click(first)).status).toBe(200);
    held.release();
    const lost = await losing;
    expect(lost.body).toEqual({ ok: false, status: 401, errorType: 'NO_PENDING_LOGIN' });
    expect(lost.headers['set-cookie']).toBeUndefined();
    expect(await app.sessionOf(browser)).toBeUndefined();
    expect((await first.get('/private')).status).toBe(200);
  });

  test('SU-17 a wrong code that comes second does not count, and takes nothing away', async () => {
    const { authenticator, browser, first, second, click } = await twoClicks(app, 'mistypes');
    const held = holdNext(app.store, 'get');
    const losing = second.post('/mfa/totp/verify', { code: wrongCode(app, authenticator) });
    await held.arrived;
    expect((await click(first)).status).toBe(200);
    held.release();
    const lost = await losing;
    expect(lost.headers['set-cookie']).toBeUndefined();
    expect(await app.sessionOf(browser)).toBeUndefined();
    expect((await first.get('/private')).status).toBe(200);
    expect((await app.state('mistypes')).budget.failures).toBe(0);
  });
});
