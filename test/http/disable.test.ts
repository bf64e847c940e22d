import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { beginEnrollment, confirmEnrollment } from '../app/begin-enrollment.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectRefusal } from '../app/expect-refusal.ts';
import { codeAt, importUser, wrongCode } from '../app/imported-user.ts';
import { watchAnswers } from '../app/watch-answers.ts';

let app: TestApp;
const answers = watchAnswers();
beforeAll(async () => {
  app = await createTestApp({ before: answers.watch });
});
afterEach(() => {
  answers.check();
  expect(app.errors).toEqual([]);
});
afterAll(() => app.close());

const eventsOf = (user: string) => app.events.filter(({ userId }) => userId === user).map(({ name }) => name);

async function fullUser(user: string) {
  const authenticator = await importUser(app, user);
  const browser = await app.full(user, authenticator);
  app.clock.nextStep();
  return { authenticator, browser, password: `password of ${user}` };
}

describe('disabling needs a second factor that is fresh', () => {
  test.each(['DELETE', 'POST'])(
    'RE-01 by %s, after five minutes, the password alone is not enough',
    async (method) => {
      const user = `stale-${method}`;
      const { authenticator, browser, password } = await fullUser(user);
      app.clock.move(300_000 - 30_000);
      const [state, session] = [await app.rawState(user), await app.sessionOf(browser)];
      for (const body of [{}, { password }, { password: 'wrong' }]) {
        const refused = await browser.send(method, '/mfa/totp/disable', body);
        expectRefusal(refused, 401, 'MFA_REQUIRED');
        expect(refused.body.data).toEqual({ methods: ['totp'] });
      }
      expect(await app.rawState(user)).toBe(state);
      expect(await app.sessionOf(browser)).toEqual(session);
      expect((await browser.get('/private')).status).toBe(200);

      const body = { password, code: authenticator.code() };
      expect((await browser.send(method, '/mfa/totp/disable', body)).status).toBe(200);
      expect((await app.state(user)).authenticators).toEqual([]);
    },
  );

  test('RE-01 until five minutes have passed the password is enough', async () => {
    const { browser, password } = await fullUser('fresh');
    app.clock.move(300_000 - 30_000 - 1);
    expect((await browser.delete('/mfa/totp/disable', { password })).status).toBe(200);
    expect((await app.state('fresh')).authenticators).toEqual([]);
  });

  test('RE-01 a session in which nothing was proven disables nothing by its password', async () => {
    const authenticator = await importUser(app, 'unproven');
    const state = await app.rawState('unproven');
    const browser = app.browser();
    await browser.post('/forgetful-login', { user: 'unproven' });
    for (const body of [{}, { password: 'password of unproven' }]) {
      expectRefusal(await browser.delete('/mfa/totp/disable', body), 401, 'MFA_REQUIRED');
    }
    expectRefusal(await app.browser().delete('/mfa/totp/disable', {}), 401, 'UNAUTHENTICATED');
    expect(await app.rawState('unproven')).toBe(state);
    const body = { password: 'password of unproven', code: authenticator.code() };
    expect((await browser.delete('/mfa/totp/disable', body)).status).toBe(200);
  });

  test('RE-03 the code that was just used to log in is refused, though the session is fresh', async () => {
    const authenticator = await importUser(app, 'replayer');
    const code = authenticator.code();
    const browser = await app.pending('replayer');
    expect((await browser.post('/mfa/totp/verify', { code })).status).toBe(200);
    const [state, before] = [await app.rawState('replayer'), app.events.length];
    const refused = await browser.delete('/mfa/totp/disable', { password: 'password of replayer', code });
    expectRefusal(refused, 401, 'INVALID_CODE');
    expect(await app.rawState('replayer')).toBe(state);
    expect(app.events.slice(before)).toMatchObject([
      { name: 'challenge.failed', userId: 'replayer', reason: 'replayed' },
    ]);
  });

  test("RE-04 another user's codes are refused, and stay valid for that one", async () => {
    const { browser, password } = await fullUser('thief');
    const other = await app.enrol('owner');
    const { authenticators, epoch } = await app.state('thief');
    const owned = await app.rawState('owner');
    for (const code of [codeAt(app, other), other.backupCodes[0]]) {
      const refused = await browser.delete('/mfa/totp/disable', { password, code });
      expectRefusal(refused, 401, 'INVALID_CODE');
    }
    expect(await app.state('thief')).toMatchObject({ authenticators, epoch, budget: { failures: 2 } });
    expect(await app.rawState('owner')).toBe(owned);
    expect(await app.mfa.service.verify('owner', { code: codeAt(app, other) })).toMatchObject({ ok: true });
  });

  test('RE-04 a wrong code is refused, counted once, and does not touch the session', async () => {
    const { authenticator, browser, password } = await fullUser('mistaken');
    const session = await app.sessionOf(browser);
    const code = wrongCode(app, authenticator);
    expectRefusal(await browser.delete('/mfa/totp/disable', { password, code }), 401, 'INVALID_CODE');
    expect((await app.state('mistaken')).budget).toEqual({ failures: 1, waitUntil: 0 });
    expect(await app.sessionOf(browser)).toEqual(session);
  });
});

describe('what is left of it', () => {
  test('RE-05 no secret, no backup code, no running enrolment, no pending login; a new epoch', async () => {
    const authenticator = await app.enrol('traceless');
    const before = await app.state('traceless');
    const pending = await app.pending('traceless');
    const replacing = await app.pending('traceless');
    await replacing.post('/mfa/totp/verify', { code: authenticator.backupCodes[0] });
    const enrollment = await beginEnrollment(replacing);
    const browser = await app.full('traceless', authenticator);
    const old = browser.copy();

    const disabled = await browser.delete('/mfa/totp/disable', { password: 'password of traceless' });
    expect([disabled.status, disabled.body]).toEqual([
      200,
      { success: true, message: 'TOTP disabled', data: { totp_enabled: false } },
    ]);
    expect(eventsOf('traceless').at(-1)).toBe('mfa.disabled');
    const state = await app.state('traceless');
    expect(Object.keys(state).sort()).toEqual([
      'authenticators',
      'backupCodes',
      'budget',
      'epoch',
      'used',
      'v',
    ]);
    expect(state.backupCodes).toEqual([]);
    expect([before.epoch, '']).not.toContain(state.epoch);

    const code = codeAt(app, authenticator, 1);
    expectRefusal(await pending.post('/mfa/totp/verify', { code }), 401, 'NO_PENDING_LOGIN');
    const late = await confirmEnrollment(replacing, codeAt(app, enrollment));
    expectRefusal(late, 409, 'NO_PENDING_ENROLLMENT');
    expectRefusal(await old.get('/lenient'), 401, 'UNAUTHENTICATED');
    expect((await app.state('traceless')).authenticators).toEqual([]);
    for (const proof of [code, authenticator.backupCodes[1] ?? '']) {
      const proven = await app.mfa.service.verify('traceless', { code: proof });
      expect(proven).toEqual({ ok: false, errorType: 'INVALID_CODE' });
    }
    expect((await browser.get('/lenient')).body).toEqual({ reached: true, userId: 'traceless' });
    expectRefusal(await browser.get('/private'), 403, 'MFA_ENROLLMENT_REQUIRED');
    expect((await app.sessionOf(browser)).mfa.amr).toEqual(['pwd']);
  });

  test('RE-05 a wait in force stays in force', async () => {
    const { authenticator } = await fullUser('waiting');
    const wrong = wrongCode(app, authenticator);
    for (let guess = 0; guess < 6; guess++) await app.mfa.service.verify('waiting', { code: wrong });
    const { budget } = await app.state('waiting');
    expect(budget).toEqual({ failures: 5, waitUntil: app.clock.now() + 30_000 });
    expect(await app.mfa.service.disable('waiting')).toMatchObject({ ok: true });
    expect((await app.state('waiting')).budget).toEqual(budget);

    const browser = await app.pending('waiting');
    const refused = await browser.post('/mfa/totp/enroll', { password: 'password of waiting' });
    expectRefusal(refused, 429, 'TOO_MANY_ATTEMPTS');
    expect(refused.headers['retry-after']).toBe('30');
  });
});
