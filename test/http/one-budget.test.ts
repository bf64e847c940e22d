import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { TestAuthenticator } from 'express-mfa/testing';
import type { Response } from 'supertest';
import type { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectRefusal } from '../app/expect-refusal.ts';
import { importUser, wrongCode } from '../app/imported-user.ts';
import { watchAnswers } from '../app/watch-answers.ts';

let app: TestApp;
const answers = watchAnswers();
const passwordMatches = jest.fn((user: unknown, password: string) => password === `password of ${user}`);
beforeAll(async () => {
  app = await createTestApp({ before: answers.watch, mfa: { verifyPassword: passwordMatches } });
});
afterEach(() => {
  passwordMatches.mockClear();
  answers.check();
  expect(app.errors.splice(0)).toEqual([]);
});
afterAll(() => app.close());

const wrongBackupCode = 'ZZZZ-ZZZZ-ZZZZ-ZZZZ';
const failures = async (user: string) => (await app.state(user)).budget.failures;

interface Thief {
  readonly user: string;
  readonly authenticator: TestAuthenticator;
  /** Logged in, the second step proven a moment ago. */
  readonly full: Browser;
  readonly pending: Browser;
}

async function thiefOf(user: string): Promise<Thief> {
  const authenticator = await importUser(app, user);
  const full = await app.full(user, authenticator);
  app.clock.nextStep();
  return { user, authenticator, full, pending: await app.pending(user) };
}

/** Every place at which something about a user can be guessed. */
const guesses: Record<string, (thief: Thief) => Promise<Response>> = {
  'a code at the second step': ({ pending, authenticator }) =>
    pending.post('/mfa/totp/verify', { code: wrongCode(app, authenticator) }),
  'a code at a step-up': ({ full, authenticator }) =>
    full.post('/mfa/totp/verify', { code: wrongCode(app, authenticator) }),
  'a backup code at the second step': ({ pending }) =>
    pending.post('/mfa/totp/verify', { code: wrongBackupCode, is_backup_code: true }),
  'a backup code at a step-up': ({ full }) => full.post('/mfa/totp/verify', { code: wrongBackupCode }),
  'a code to disable': ({ full, user, authenticator }) =>
    full.delete('/mfa/totp/disable', {
      password: `password of ${user}`,
      code: wrongCode(app, authenticator),
    }),
  'a code to regenerate': ({ full, user, authenticator }) =>
    full.post('/mfa/totp/regenerate-backup-codes', {
      password: `password of ${user}`,
      code: wrongCode(app, authenticator),
    }),
  'a backup code to disable': ({ full, user }) =>
    full.post('/mfa/totp/disable', { password: `password of ${user}`, code: wrongBackupCode }),
  'a password to disable': ({ full }) => full.delete('/mfa/totp/disable', { password: 'a guess' }),
  'a password to regenerate': ({ full }) =>
    full.post('/mfa/totp/regenerate-backup-codes', { password: 'a guess' }),
  'a code by the service': async ({ user, authenticator }) => {
    const result = await app.mfa.service.verify(user, { code: wrongCode(app, authenticator) });
    const { status, body } = result.ok ? { status: 200, body: {} } : refused(result.errorType);
    return { status, headers: {}, body } as Response;
  },
};

function refused(errorType: string) {
  const body = { success: false, message: '', error_type: errorType };
  return { status: errorType === 'TOO_MANY_ATTEMPTS' ? 429 : 401, body };
}

describe('BF-06 one budget for everything', () => {
  test.each(Object.entries(guesses))('BF-06 %s is one failure of five', async (name, guess) => {
    const thief = await thiefOf(`once ${name}`);
    const response = await guess(thief);
    expectRefusal(response, 401, name.includes('password') ? 'INVALID_CREDENTIALS' : 'INVALID_CODE');
    expect(await failures(thief.user)).toBe(1);
  });

  const places = Object.entries(guesses);
  test.each(places.map(([name], index) => [name, index] as const))(
    'BF-06 five failures in other places, and %s has to wait',
    async (name, index) => {
      const thief = await thiefOf(`spread ${name}`);
      const others = [...places.slice(index + 1), ...places.slice(0, index)].slice(0, 5);
      for (const [, guess] of others) expect((await guess(thief)).status).toBe(401);
      expect(await failures(thief.user)).toBe(5);
      const state = await app.rawState(thief.user);

      passwordMatches.mockClear();
      expectRefusal((await places[index]?.[1](thief)) as Response, 429, 'TOO_MANY_ATTEMPTS');
      expect(passwordMatches).not.toHaveBeenCalled();
      expect(await app.rawState(thief.user)).toBe(state);
    },
  );
});

describe('BF-17 passwords are guessed in the same budget', () => {
  test('BF-17 from a stolen full session: the right password comes too late, and is not looked at', async () => {
    const { full, user } = await thiefOf('stolen');
    for (const password of ['1', '2', '3', '4', '5']) {
      expectRefusal(await full.delete('/mfa/totp/disable', { password }), 401, 'INVALID_CREDENTIALS');
    }
    const state = await app.rawState(user);
    passwordMatches.mockClear();
    for (const path of ['/mfa/totp/disable', '/mfa/totp/regenerate-backup-codes']) {
      const response = await full.post(path, { password: `password of ${user}` });
      expectRefusal(response, 429, 'TOO_MANY_ATTEMPTS');
      expect(response.headers['retry-after']).toBe('30');
    }
    expect(passwordMatches).not.toHaveBeenCalled();
    expect(await app.rawState(user)).toBe(state);
  });

  test('BF-17 the right password of a sensitive route clears no failures', async () => {
    const { full, user, authenticator } = await thiefOf('no clearing');
    for (let time = 0; time < 4; time++) await full.delete('/mfa/totp/disable', { password: 'a guess' });
    const body = { password: `password of ${user}`, code: wrongCode(app, authenticator) };
    expectRefusal(await full.delete('/mfa/totp/disable', body), 401, 'INVALID_CODE');
    expect(await failures(user)).toBe(5);
  });

  test('BF-17 a right code with a wrong password is not looked at: it still is good for a login', async () => {
    const { full, pending, user, authenticator } = await thiefOf('code kept');
    const code = authenticator.code();
    const response = await full.delete('/mfa/totp/disable', { password: 'a guess', code });
    expectRefusal(response, 401, 'INVALID_CREDENTIALS');
    expect((await pending.post('/mfa/totp/verify', { code })).status).toBe(200);
    expect(await failures(user)).toBe(0);
  });

  test('BF-17 no password at all is no guess', async () => {
    const { full, user } = await thiefOf('nothing sent');
    const state = await app.rawState(user);
    for (const body of [{}, { password: '' }]) {
      expectRefusal(await full.delete('/mfa/totp/disable', body), 401, 'INVALID_CREDENTIALS');
    }
    expect(await app.rawState(user)).toBe(state);
  });

  test('BF-17 through enrol, by somebody who is not enrolled: the sixth guess has to wait', async () => {
    const browser = await app.pending('unenrolled');
    app.clock.move(301_000);
    const enrol = (password: string) => browser.post('/mfa/totp/enroll', { password });
    for (const password of ['1', '2', '3', '4', '5']) {
      expectRefusal(await enrol(password), 401, 'INVALID_CREDENTIALS');
    }
    const right = await enrol('password of unenrolled');
    expectRefusal(right, 429, 'TOO_MANY_ATTEMPTS');
    expect(right.text).not.toMatch(/secret|otpauth/);
    expect(await failures('unenrolled')).toBe(5);
    expect(passwordMatches).toHaveBeenCalledTimes(5);

    app.clock.move(30_000);
    expect((await enrol('password of unenrolled')).status).toBe(201);
    // A password clears nothing, a first code does.
    expect(await failures('unenrolled')).toBe(5);
  });

  test('BF-17 a hundred wrong passwords at once: five are guesses, and then the right one has to wait', async () => {
    const browser = await app.pending('many passwords');
    app.clock.move(301_000);
    const guess = (password: string) => browser.copy().post('/mfa/totp/enroll', { password });
    const all = Array.from({ length: 100 }, (_, index) => guess(`guess ${index}`));
    const results = await Promise.all(all);
    expect(results.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(results.filter(({ status }) => status === 429)).toHaveLength(95);
    expect(await failures('many passwords')).toBe(5);
    expectRefusal(await guess('password of many passwords'), 429, 'TOO_MANY_ATTEMPTS');
  });
});
