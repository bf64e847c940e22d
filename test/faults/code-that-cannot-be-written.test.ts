import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { TestAuthenticator } from 'express-mfa/testing';
import type { Response } from 'supertest';
import type { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectRefusal } from '../app/expect-refusal.ts';
import { codeAt, wrongCode } from '../app/imported-user.ts';
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
beforeEach(() => {
  app.clock.nextStep(3);
  app.events.splice(0);
});
afterEach(() => {
  jest.restoreAllMocks();
  answers.check();
  // Of a fault that was planted the host hears, and of nothing else.
  for (const error of app.errors.splice(0)) expect(error).toMatchObject({ name: 'MfaError', status: 503 });
});
afterAll(() => app.close());

const verify = (browser: Browser, code: string) => browser.post('/mfa/totp/verify', { code });
const takeCode = () => unused.shift() ?? '';

/** Answered as unavailable, by us: `watchAnswers` saw no other server error. */
function expectUnavailable(responses: readonly Response[]): void {
  for (const response of responses) expectRefusal(response, 503, 'UNAVAILABLE');
  expect(answers.takeFaults()).toHaveLength(responses.length);
}

describe('BF-16 no answer tells whether a code was right that could not be written', () => {
  const failures: Record<string, () => void> = {
    'the store fails': () => {
      jest
        .spyOn(app.store, 'put')
        .mockRejectedValue(new Error('READONLY You can’t write against a replica.'));
    },
    'the store answers neither true nor false': () => {
      jest.spyOn(app.store, 'put').mockResolvedValue('OK' as unknown as boolean);
    },
    'every write loses': () => {
      jest.spyOn(app.store, 'put').mockResolvedValue(false);
    },
  };

  test.each(Object.entries(failures))('BF-16 %s', async (_name, fail) => {
    const browser = await app.pending('A');
    const full = await app.full('A', authenticator);
    app.clock.nextStep();
    const state = await app.rawState('A');
    const right = codeAt(app, authenticator);
    const codes = [right, wrongCode(app, authenticator), unused[0] ?? '', 'ZZZZ-ZZZZ-ZZZZ-ZZZZ'];
    const sessions = await loggedInSessions(app, 'A');
    app.events.splice(0);
    fail();

    const responses: Response[] = [];
    for (const code of codes) {
      responses.push(await verify(browser.copy(), code));
      responses.push(await verify(full.copy(), code));
      responses.push(await full.copy().delete('/mfa/totp/disable', { password: 'password of A', code }));
    }
    for (const password of ['a guess', 'another guess']) {
      responses.push(await full.copy().delete('/mfa/totp/disable', { password }));
    }
    expectUnavailable(responses);
    expect(new Set(responses.map(({ text }) => text)).size).toBe(1);
    expect(app.events.filter(({ name }) => name !== 'store.unavailable')).toEqual([]);
    expect(await app.rawState('A')).toBe(state);
    expect(await loggedInSessions(app, 'A')).toBe(sessions);

    jest.restoreAllMocks();
    expect((await verify(browser, right)).status).toBe(200);
  });

  test('BF-16 a write of which the answer is lost is not repeated, and the code is not accepted again', async () => {
    const put = app.store.put.bind(app.store);
    const spy = jest.spyOn(app.store, 'put').mockImplementationOnce(async (...call) => {
      await put(...call);
      throw new Error('Socket closed unexpectedly.');
    });
    const browser = await app.pending('A');
    const code = codeAt(app, authenticator);
    const response = await verify(browser, code);
    expectUnavailable([response]);
    expect(spy).toHaveBeenCalledTimes(1);
    expect(app.events.map(({ at, ...event }) => event)).toEqual([
      expect.objectContaining({ name: 'store.unavailable', operation: 'put', intended: 'complete login' }),
    ]);
    expectRefusal(await verify(browser, code), 401, 'NO_PENDING_LOGIN');
    expectRefusal(await verify(await app.pending('A'), code), 401, 'INVALID_CODE');
    expect((await verify(await app.pending('A'), codeAt(app, authenticator, 1))).status).toBe(200);
  });

  test('BF-16 a failure that cannot be counted is not told to be one, and does not bring new guesses', async () => {
    const browser = await app.pending('A');
    const put = app.store.put.bind(app.store);
    const spy = jest.spyOn(app.store, 'put').mockImplementation(async (...call) => {
      await put(...call);
      throw new Error('Socket closed unexpectedly.');
    });
    const responses: Response[] = [];
    for (let time = 0; time < 5; time++) responses.push(await verify(browser, wrongCode(app, authenticator)));
    expectUnavailable(responses);
    spy.mockRestore();
    expect((await app.state('A')).budget.failures).toBe(5);
    expectRefusal(await verify(browser, codeAt(app, authenticator)), 429, 'TOO_MANY_ATTEMPTS');
    await app.mfa.service.unlock('A');
  });
});

describe('BC-04 a code is spent, and then the session fails', () => {
  const failing: Record<string, () => void> = {
    'to be saved': () => {
      jest
        .spyOn(app.sessions, 'set')
        .mockImplementationOnce((async (_id: string, _session: object, done) =>
          done?.(new Error('OOM command not allowed.'))) as typeof app.sessions.set);
    },
    'to be destroyed': () => {
      jest
        .spyOn(app.sessions, 'destroy')
        .mockImplementationOnce((async (_id: string, done) =>
          done?.(new Error('OOM command not allowed.'))) as typeof app.sessions.destroy);
    },
  };
  test.each(Object.entries(failing))(
    'BC-04 %s: nobody is logged in, and the next code works',
    async (_name, fail) => {
      const browser = await app.pending('A');
      const thief = browser.copy();
      const [before, sessions] = [await app.state('A'), await loggedInSessions(app, 'A')];
      const code = takeCode();
      fail();
      const response = await verify(browser, code);
      expectUnavailable([response]);
      expect(await loggedInSessions(app, 'A')).toBe(sessions);
      expect((await app.state('A')).backupCodes).toEqual(before.backupCodes.slice(1));
      for (const visitor of [browser, thief]) {
        expectRefusal(await visitor.get('/private'), 401, 'UNAUTHENTICATED');
        expect((await visitor.get('/pending')).body).toEqual({ pending: null });
        expectRefusal(await verify(visitor, unused[0] ?? ''), 401, 'NO_PENDING_LOGIN');
      }

      const again = await app.pending('A');
      expectRefusal(await verify(again, code), 401, 'INVALID_CODE');
      expect((await verify(again, takeCode())).status).toBe(200);
    },
  );
});
