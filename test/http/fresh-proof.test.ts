import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { MfaOptions } from 'express-mfa';
import { beginEnrollment } from '../app/begin-enrollment.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectNothingKnown } from '../app/expect-nothing-known.ts';
import { expectRefusal } from '../app/expect-refusal.ts';
import { importUser, wrongCode } from '../app/imported-user.ts';
import { watchAnswers } from '../app/watch-answers.ts';

type VerifyPassword = NonNullable<MfaOptions['verifyPassword']>;

let app: TestApp;
const answers = watchAnswers();
const verifyPassword = jest.fn<VerifyPassword>();
beforeAll(async () => {
  app = await createTestApp({ before: answers.watch, mfa: { verifyPassword } });
});
beforeEach(() => {
  verifyPassword.mockReset();
  verifyPassword.mockImplementation(async (userId, password) => password === `password of ${userId}`);
});
afterEach(() => {
  answers.check();
  expect(app.errors).toEqual([]);
});
afterAll(() => app.close());

const enroll = '/mfa/totp/enroll';
const disable = '/mfa/totp/disable';
const failures = async (user: string) => (await app.state(user))?.budget.failures ?? 0;

async function fullUser(user: string) {
  const authenticator = await importUser(app, user);
  const browser = await app.full(user, authenticator);
  app.clock.nextStep();
  return { authenticator, browser, password: `password of ${user}` };
}

describe('to enrol', () => {
  test('a login younger than five minutes is enough, and an older one needs the password', async () => {
    const browser = await app.pending('enroller');
    app.clock.move(299_999);
    const asked = async () => (await browser.get('/mfa/totp/status')).body.data.password_required;
    expect(await asked()).toBe(false);
    await beginEnrollment(browser);
    expect(verifyPassword).not.toHaveBeenCalled();
    app.clock.move(1);
    expect(await asked()).toBe(true);
    expectRefusal(await browser.post(enroll, {}), 401, 'INVALID_CREDENTIALS');
    expectRefusal(await browser.post(enroll, { password: '' }), 401, 'INVALID_CREDENTIALS');
    await expectNothingKnown(app, 'enroller');
    await beginEnrollment(browser, { password: 'password of enroller' });
  });

  test('a password that is sent is checked, however fresh the login; a wrong one counts', async () => {
    const browser = await app.pending('sender');
    const session = await app.sessionOf(browser);
    expectRefusal(await browser.post(enroll, { password: 'wrong' }), 401, 'INVALID_CREDENTIALS');
    expect(await failures('sender')).toBe(1);
    expect(await app.sessionOf(browser)).toEqual(session);
    expect(app.events.at(-1)).toMatchObject({
      name: 'challenge.failed',
      userId: 'sender',
      method: 'password',
      reason: 'wrong',
    });
    await beginEnrollment(browser, { password: 'password of sender' });
    expect(await failures('sender')).toBe(1);
  });

  test('a login of which we know nothing is not a fresh one', async () => {
    const browser = app.browser();
    await browser.post('/forgetful-login', { user: 'unknown-login' });
    expectRefusal(await browser.post(enroll, {}), 401, 'INVALID_CREDENTIALS');
    await beginEnrollment(browser, { password: 'password of unknown-login' });
  });

  test('a login from the future is not a fresh one', async () => {
    const browser = await app.pending('from-the-future');
    app.clock.move(-60_001);
    expectRefusal(await browser.post(enroll, {}), 401, 'INVALID_CREDENTIALS');
    app.clock.move(60_001);
  });

  test('a login that a security change has ended is not a fresh one', async () => {
    const browser = await app.pending('ended');
    await app.mfa.service.endSessions('ended');
    expectRefusal(await browser.post(enroll, {}), 401, 'INVALID_CREDENTIALS');
  });
});

describe('to change factors', () => {
  test.each(['disable', 'regenerate-backup-codes'])('the order is form, password, code: %s', async (name) => {
    const { authenticator, browser } = await fullUser(`order-${name}`);
    const [code, path] = [authenticator.code(), `/mfa/totp/${name}`];
    const state = await app.rawState(`order-${name}`);
    expectRefusal(await browser.post(path, {}), 401, 'INVALID_CREDENTIALS');
    expectRefusal(await browser.post(path, { code }), 401, 'INVALID_CREDENTIALS');
    expect(await app.rawState(`order-${name}`)).toBe(state);

    const bad = wrongCode(app, authenticator);
    for (const sent of [code, bad]) {
      const refused = await browser.post(path, { password: 'wrong', code: sent });
      expectRefusal(refused, 401, 'INVALID_CREDENTIALS');
    }
    expect(await failures(`order-${name}`)).toBe(2);
    const password = `password of order-${name}`;
    // What is malformed comes before everything, and counts for nothing.
    for (const sent of [password, 'wrong']) {
      const refused = await browser.post(path, { password: sent, code: 'no code' });
      expectRefusal(refused, 400, 'VALIDATION_ERROR');
    }
    expect(await failures(`order-${name}`)).toBe(2);
    // The right code was not used up by any of it.
    expect((await browser.post(path, { password, code })).status).toBe(200);
  });

  test('a right password forgets no failures', async () => {
    const { authenticator, browser, password } = await fullUser('forgetful');
    await browser.post(disable, { password: 'wrong' });
    expectRefusal(
      await browser.post(disable, { password, code: wrongCode(app, authenticator) }),
      401,
      'INVALID_CODE',
    );
    expect(await failures('forgetful')).toBe(2);
  });

  test.each([[1], ['true'], [{}], [null], [undefined]])(
    'a hook that answers %p has not said that the password is right',
    async (answer) => {
      const { browser, password } = await fullUser(`hook-${JSON.stringify(answer)}`);
      // @ts-expect-error a hook without types might answer anything
      verifyPassword.mockResolvedValue(answer);
      expectRefusal(await browser.post(disable, { password }), 401, 'INVALID_CREDENTIALS');
      expect((await app.state(`hook-${JSON.stringify(answer)}`)).authenticators).toHaveLength(1);
    },
  );

  test('a hook that throws is an error of the host, and nobody has guessed', async () => {
    const { browser, password } = await fullUser('hook-throws');
    const state = await app.rawState('hook-throws');
    verifyPassword.mockRejectedValue(new Error('the user database is down'));
    expectRefusal(await browser.post(disable, { password }), 500, 'INTERNAL');
    expect(answers.takeFaults()).toEqual([`POST ${disable}: 500`]);
    expect(app.errors.splice(0)).toEqual([new Error('the user database is down')]);
    expect(await app.rawState('hook-throws')).toBe(state);
  });

  test('a password that is too long or no text is not one, and the hook does not see it', async () => {
    const { browser } = await fullUser('not-a-password');
    const state = await app.rawState('not-a-password');
    for (const password of ['p'.repeat(1_001), 7, ['password of not-a-password'], { $ne: null }, true]) {
      expectRefusal(await browser.post(disable, { password }), 400, 'VALIDATION_ERROR');
    }
    expect(verifyPassword).not.toHaveBeenCalled();
    expect(await app.rawState('not-a-password')).toBe(state);
  });

  test('five wrong ones by any route are a wait, in which the hook is not asked', async () => {
    const { browser, password } = await fullUser('guesser');
    for (const path of [disable, disable, disable, disable, '/mfa/totp/regenerate-backup-codes']) {
      expectRefusal(await browser.post(path, { password: 'wrong' }), 401, 'INVALID_CREDENTIALS');
    }
    verifyPassword.mockClear();
    const refused = await browser.post(disable, { password });
    expectRefusal(refused, 429, 'TOO_MANY_ATTEMPTS');
    expect(refused.headers['retry-after']).toBe('30');
    expect(verifyPassword).not.toHaveBeenCalled();
    expect(await failures('guesser')).toBe(5);
    app.clock.move(30_000);
    expect((await browser.post(disable, { password })).status).toBe(200);
  });

  test('of thirty guesses at once, with the right one among them, at most five are looked at', async () => {
    const browser = await app.pending('parallel');
    const passwords = [...Array.from({ length: 29 }, (_, index) => `guess ${index}`), 'password of parallel'];
    const tabs = passwords.map((password) => browser.copy().post(enroll, { password }));
    const statuses = (await Promise.all(tabs)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 401).length).toBe(5);
    expect(statuses.filter((status) => status !== 429).length).toBeLessThanOrEqual(6);
    expect(await failures('parallel')).toBe(5);
  });
});
