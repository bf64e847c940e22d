import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { RedisStore } from 'connect-redis';
import type { Request } from 'express';
import session from 'express-session';
import passport from 'passport';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { createTestRedis } from '../app/create-test-redis.ts';
import { importUser } from '../app/imported-user.ts';
import { storedSessions } from '../app/stored-sessions.ts';
import { watchAnswers } from '../app/watch-answers.ts';

const answers = watchAnswers();
const prefix = `test:${randomBytes(6).toString('hex')}:`;
const redis = createTestRedis();
const sessions = new RedisStore({ client: redis, prefix: `${prefix}sess:` });
let keepSessionInfo = false;
let logIns = 0;
let app: TestApp;

const authenticator = new passport.Passport();
authenticator.serializeUser((user, done) => done(null, user.userId));
authenticator.deserializeUser<string>((id, done) => done(null, { userId: id }));

function logIn(req: Request, userId: string | number): Promise<void> {
  logIns++;
  return new Promise((resolve, reject) => {
    const user = { userId: String(userId) };
    req.login(user, { session: true, keepSessionInfo }, (error) => (error ? reject(error) : resolve()));
  });
}

beforeAll(async () => {
  await redis.connect();
  app = await createTestApp({
    prefix,
    before(host) {
      answers.watch(host);
      const secret = 'a secret of the tests';
      host.use(
        session({ name: 'sid', secret, resave: false, saveUninitialized: false, store: sessions }),
        authenticator.initialize(),
        authenticator.session(),
      );
      host.get('/user', (req, res) => void res.json({ user: req.user ?? null }));
    },
    mfa: { currentUserId: (req) => req.user?.userId, logIn, preserveSession: ['cart'] },
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  keepSessionInfo = false;
  app.errors.length = 0;
  answers.check();
});
afterAll(async () => {
  await app.close();
  redis.destroy();
});

const passportSessions = async (user: string) =>
  Object.values(await storedSessions(app)).filter((stored) => stored.passport?.user === user);

async function pendingWithCart(user: string) {
  const phone = await importUser(app, user);
  const browser = await app.pending(user);
  await browser.post('/session', { cart: ['book'], isAdmin: true });
  return { browser, phone, before: browser.copy() };
}

describe('an app that logs in by passport', () => {
  test('SU-19 takes a pending login for a guest', async () => {
    const { browser } = await pendingWithCart('is a guest');
    expect((await browser.get('/user')).body).toEqual({ user: null });
    expect((await browser.get('/private')).body.error_type).toBe('MFA_REQUIRED');
    expect(await passportSessions('is a guest')).toEqual([]);
  });

  test.each([false, true])(
    'SU-19 finds what is preserved and `mfa` on the final session (keepSessionInfo: %s)',
    async (keeps) => {
      const user = `keeps ${keeps}`;
      const { browser, phone, before } = await pendingWithCart(user);
      keepSessionInfo = keeps;
      const verified = await browser.post('/mfa/totp/verify', { code: phone.code() });
      expect(verified.status).toBe(200);

      expect(browser.sessionId).not.toBe(before.sessionId);
      expect(await app.sessionOf(before)).toBeUndefined();
      const { cookie, ...rest } = await app.sessionOf(browser);
      expect(cookie).toBeDefined();
      const epoch = (await app.state(user)).epoch;
      const now = app.clock.now();
      expect(rest).toEqual({
        passport: { user },
        cart: ['book'],
        mfa: {
          userId: user,
          authenticatedAt: now,
          proofs: [{ method: 'totp', authenticatorId: expect.any(String), at: now }],
          amr: ['pwd', 'otp', 'mfa'],
          epoch,
        },
      });
      // Passport's own session, and the one in between, are one and the same and nothing else is left.
      expect(await passportSessions(user)).toHaveLength(1);
      expect((await browser.get('/user')).body).toEqual({ user: { userId: user } });
      expect((await browser.get('/private')).status).toBe(200);
    },
  );

  test('SU-19 does so too where the first step was all', async () => {
    const browser = app.browser();
    await browser.post('/session', { cart: ['pen'], isAdmin: true });
    const login = await browser.post('/login', { user: 'no factor', password: 'password of no factor' });
    expect(login.body).toEqual({ status: 'complete', data: {}, redirectTo: '/' });
    const { cookie, ...rest } = await app.sessionOf(browser);
    expect(cookie).toBeDefined();
    expect(rest).toEqual({
      passport: { user: 'no factor' },
      cart: ['pen'],
      mfa: { userId: 'no factor', authenticatedAt: app.clock.now(), proofs: [], amr: ['pwd'], epoch: '' },
    });
  });

  test('SU-19 keeps its login through a step-up, a disabling and another id', async () => {
    const { browser, phone } = await pendingWithCart('goes on');
    await browser.post('/mfa/totp/verify', { code: phone.code() });
    app.clock.nextStep(2);
    const before = logIns;
    const first = browser.sessionId;
    expect((await browser.post('/mfa/totp/verify', { code: phone.code() })).status).toBe(200);
    const second = browser.sessionId;
    expect((await browser.delete('/mfa/totp/disable', { password: 'password of goes on' })).status).toBe(200);
    expect(new Set([first, second, browser.sessionId]).size).toBe(3);
    expect(logIns).toBe(before);
    expect((await browser.get('/user')).body).toEqual({ user: { userId: 'goes on' } });
    expect((await browser.get('/lenient')).status).toBe(200);
    expect(await passportSessions('goes on')).toHaveLength(1);
  });
});

describe('where passport itself cannot log in', () => {
  const failing = new Error('the session store failed');
  const failures = {
    'its own regenerate fails': () => {
      const { destroy } = sessions;
      // The first one is ours.
      jest
        .spyOn(sessions, 'destroy')
        .mockImplementationOnce((...call) => destroy.apply(sessions, call))
        .mockImplementationOnce(async (_id, done) => void done?.(failing));
    },
    'its own save fails': () => {
      jest.spyOn(sessions, 'set').mockImplementationOnce(async (_id, _session, done) => void done?.(failing));
    },
    'our save after it fails': () => {
      const { set } = sessions;
      jest
        .spyOn(sessions, 'set')
        .mockImplementationOnce((...call) => set.apply(sessions, call))
        .mockImplementationOnce(async (_id, _session, done) => void done?.(failing));
    },
  };

  test.each(Object.entries(failures))(
    'SU-19 because %s: 503, and nobody is logged in',
    async (name, fail) => {
      const { browser, phone, before } = await pendingWithCart(name);
      fail();
      const response = await browser.post('/mfa/totp/verify', { code: phone.code() });
      expect(response.status).toBe(503);
      expect(response.body.error_type).toBe('UNAVAILABLE');
      expect(response.headers['set-cookie']).toBeUndefined();
      expect(answers.takeFaults()).toEqual(['POST /mfa/totp/verify: 503']);
      expect(await passportSessions(name)).toEqual([]);
      expect((await before.get('/user')).body).toEqual({ user: null });
      app.clock.nextStep(2);
      const again = await before.post('/mfa/totp/verify', { code: phone.code() });
      expect(again.body.error_type).toBe('NO_PENDING_LOGIN');
    },
  );
});
