import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { codeAt, importUser } from '../app/imported-user.ts';
import { watchAnswers } from '../app/watch-answers.ts';

const answers = watchAnswers();
let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ before: answers.watch, mfa: { preserveSession: ['cart'] } });
});
afterEach(answers.check);
afterAll(() => app.close());

/** A browser whose guest session is stored, as an attacker could have planted it. */
async function guest(data: object = { visits: 1 }): Promise<Browser> {
  const visitor = app.browser();
  await visitor.post('/session', data);
  expect(visitor.sessionId).not.toBe('');
  return visitor;
}

const logIn = (browser: Browser, user: string) =>
  browser.post('/login', { user, password: `password of ${user}` });
const verify = (browser: Browser, code: string) => browser.post('/mfa/totp/verify', { code });

/** The id a browser had is gone from the store; the one it has now is another, of 192 bits. */
async function expectNewId(before: Browser, after: Browser): Promise<void> {
  expect(after.sessionId).not.toBe(before.sessionId);
  expect(Buffer.from(after.sessionId, 'base64url')).toHaveLength(24);
  expect(await app.sessionOf(before)).toBeUndefined();
  expect(await app.sessionOf(after)).toBeDefined();
}

describe('an attacker who knows the session id of before', () => {
  test('SU-01 has nothing left when the second step is done', async () => {
    const authenticator = await importUser(app, 'completes');
    const browser = await app.pending('completes');
    const before = browser.copy();
    expect((await verify(browser, authenticator.code())).status).toBe(200);

    await expectNewId(before, browser);
    expect((await browser.get('/private')).status).toBe(200);
    const denied = await before.get('/private');
    expect(denied.status).toBe(401);
    expect(denied.body.error_type).toBe('UNAUTHENTICATED');
  });

  test('SU-02 has nothing left when the first step is done', async () => {
    await importUser(app, 'fixed');
    const attacker = await guest();
    const victim = attacker.copy();
    expect((await logIn(victim, 'fixed')).body.status).toBe('mfa_required');

    await expectNewId(attacker, victim);
    expect((await attacker.get('/pending')).body).toEqual({ pending: null });
    expect((await victim.get('/pending')).body.pending).not.toBeNull();
  });

  test('SU-02 has nothing left when the first step was all', async () => {
    const attacker = await guest();
    const victim = attacker.copy();
    expect((await logIn(victim, 'without a factor')).body.status).toBe('complete');

    await expectNewId(attacker, victim);
    expect((await attacker.get('/whoami')).body).toEqual({ userId: null });
    expect((await victim.get('/whoami')).body).toEqual({ userId: 'without a factor' });
  });

  test('SU-03 cannot complete a second time what the victim has completed', async () => {
    const authenticator = await importUser(app, 'victim');
    const victim = await app.pending('victim');
    const attacker = victim.copy();
    expect((await verify(victim, authenticator.code())).status).toBe(200);
    app.clock.nextStep();
    const state = await app.rawState('victim');
    const reached = app.reached();

    expect((await attacker.get('/private')).status).toBe(401);
    const again = await verify(attacker, authenticator.code());
    expect(again.status).toBe(401);
    expect(again.body.error_type).toBe('NO_PENDING_LOGIN');
    expect(again.headers['set-cookie']).toBeUndefined();
    expect(app.reached()).toBe(reached);
    expect(await app.rawState('victim')).toBe(state);
  });
});

describe('a new id, and the data of the same user stays', () => {
  async function fullWithData(user: string) {
    const authenticator = await importUser(app, user);
    const browser = await app.full(user, authenticator);
    await browser.post('/session', { cart: ['book'], visits: 7 });
    app.clock.nextStep(2);
    return { browser, before: browser.copy(), authenticator };
  }

  test('SU-04 at a step-up', async () => {
    const { browser, before, authenticator } = await fullWithData('steps up');
    const { mfa: old } = await app.sessionOf(browser);
    const response = await verify(browser, authenticator.code());
    expect(response.status).toBe(200);

    await expectNewId(before, browser);
    const session = await app.sessionOf(browser);
    expect(session).toMatchObject({ userId: 'steps up', cart: ['book'], visits: 7 });
    expect(session.mfa).toEqual({ ...old, proofs: [{ ...old.proofs[0], at: app.clock.now() }] });
    expect((await before.get('/private')).status).toBe(401);
  });

  test('SU-04 at an enrolment', async () => {
    const browser = app.browser();
    await logIn(browser, 'enrols');
    await browser.post('/session', { cart: ['pen'], visits: 3 });
    const started = await browser.post('/mfa/totp/enroll', {});
    const before = browser.copy();
    const code = codeAt(app, started.body.data);
    expect((await browser.post('/mfa/totp/verify-enrollment', { code })).status).toBe(200);

    await expectNewId(before, browser);
    const session = await app.sessionOf(browser);
    expect(session).toMatchObject({ userId: 'enrols', cart: ['pen'], visits: 3 });
    expect(session.mfa).not.toHaveProperty('enrollment');
    expect(session.mfa.amr).toEqual(['pwd', 'otp', 'mfa']);
    expect((await browser.get('/private')).status).toBe(200);
    expect((await before.get('/private')).status).toBe(401);
  });

  test('SU-04 at disabling', async () => {
    const { browser, before, authenticator } = await fullWithData('disables');
    const body = { password: 'password of disables', code: authenticator.code() };
    expect((await browser.delete('/mfa/totp/disable', body)).status).toBe(200);

    await expectNewId(before, browser);
    const session = await app.sessionOf(browser);
    expect(session).toMatchObject({ userId: 'disables', cart: ['book'], visits: 7 });
    expect(session.mfa.amr).toEqual(['pwd']);
    expect(session.mfa.proofs).toEqual([]);
    expect((await browser.get('/lenient')).status).toBe(200);
    expect((await before.get('/lenient')).status).toBe(401);
  });
});

describe('what an anonymous session had collected', () => {
  const forged = (user: string) => ({
    isAdmin: true,
    userId: user,
    cart: ['book'],
    mfa: { userId: user, authenticatedAt: 0, verifiedAt: app.clock.now(), amr: ['mfa'], epoch: '' },
  });

  test('SU-05 is dropped at the first step, but for what the host preserves', async () => {
    await importUser(app, 'keeps');
    const browser = await guest(forged('keeps'));
    await logIn(browser, 'keeps');

    const { cookie, mfa, ...rest } = await app.sessionOf(browser);
    expect(rest).toEqual({ cart: ['book'] });
    expect(Object.keys(mfa)).toEqual(['pendingUserId', 'loginId', 'startedAt', 'epoch', 'via']);
    expect(cookie).toBeDefined();
  });

  test('SU-05 is dropped at the second step too', async () => {
    const authenticator = await importUser(app, 'keeps twice');
    const browser = await guest(forged('keeps twice'));
    await logIn(browser, 'keeps twice');
    await browser.post('/session', { isAdmin: true, cart: ['book', 'pen'] });
    expect((await verify(browser, authenticator.code())).status).toBe(200);

    const { cookie, mfa, ...rest } = await app.sessionOf(browser);
    expect(rest).toEqual({ userId: 'keeps twice', cart: ['book', 'pen'] });
    expect(mfa).toEqual({
      userId: 'keeps twice',
      authenticatedAt: app.clock.now(),
      proofs: [{ method: 'totp', authenticatorId: expect.any(String), at: app.clock.now() }],
      amr: ['pwd', 'otp', 'mfa'],
      epoch: (await app.state('keeps twice')).epoch,
    });
    expect(cookie).toBeDefined();
  });

  test('SU-05 is dropped where the first step was all', async () => {
    const browser = await guest(forged('has no factor'));
    await logIn(browser, 'has no factor');

    const { cookie, mfa, ...rest } = await app.sessionOf(browser);
    expect(rest).toEqual({ userId: 'has no factor', cart: ['book'] });
    expect(mfa).toEqual({
      userId: 'has no factor',
      authenticatedAt: app.clock.now(),
      proofs: [],
      amr: ['pwd'],
      epoch: '',
    });
    expect(cookie).toBeDefined();
  });
});
