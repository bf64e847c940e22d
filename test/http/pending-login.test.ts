import { METHODS } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectRefusal } from '../app/expect-refusal.ts';
import { importUser } from '../app/imported-user.ts';
import { storedSessions } from '../app/stored-sessions.ts';
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

describe('a pending login opens no guarded route', () => {
  beforeAll(async () => {
    await importUser(app, 'guest');
  });

  test.each(METHODS.filter((method) => method !== 'CONNECT'))('PS-01 by %s', async (method) => {
    const browser = await app.pending('guest');
    for (const path of ['/private', '/sensitive', '/lenient', '/lenient-sensitive']) {
      const before = app.reached();
      const response = await browser.send(method, path);
      expect(response.status).toBe(401);
      if (method !== 'HEAD') expectRefusal(response, 401, 'MFA_REQUIRED');
      expect(app.reached()).toBe(before);
    }
  });

  test('PS-01 and the refusal tells by what it can be completed, and until when', async () => {
    const browser = await app.pending('guest');
    app.clock.move(1_000);
    expect((await browser.get('/private')).body).toEqual({
      success: false,
      message: 'The second step is required.',
      error_type: 'MFA_REQUIRED',
      data: { methods: ['totp'], expires_at: new Date(app.clock.now() + 599_000).toISOString() },
    });
  });
});

describe('a session id elsewhere than in the cookie opens nothing', () => {
  const carriers: Record<string, (id: string) => { path?: string; headers?: Record<string, string> }> = {
    'a bearer token': (id) => ({ headers: { Authorization: `Bearer ${id}` } }),
    'a user name': (id) => ({ headers: { Authorization: `Basic ${btoa(`${id}:`)}` } }),
    'a password': (id) => ({ headers: { Authorization: `Basic ${btoa(`A:${id}`)}` } }),
    'a query parameter': (id) => ({ path: `?sid=${id}` }),
    'a query parameter in the form of the cookie': (id) => ({
      path: `?sid=${encodeURIComponent(`s:${id}`)}`,
    }),
    'a header of its own': (id) => ({ headers: { 'X-Session': id, 'X-Session-Id': id, sid: id } }),
    'a cookie without a signature': (id) => ({ headers: { Cookie: `sid=${id}` } }),
    'a cookie with a made-up signature': (id) => ({ headers: { Cookie: `sid=s%3A${id}.${'A'.repeat(43)}` } }),
  };

  test.each(Object.entries(carriers))('PS-02 sent as %s', async (_name, carrier) => {
    const user = `carried-${_name}`;
    const authenticator = await importUser(app, user);
    const pending = await app.pending(user);
    const full = await app.full(user, authenticator);
    expect((await full.get('/private')).status).toBe(200);
    app.clock.nextStep();
    const code = authenticator.code();
    const state = await app.rawState(user);
    const reached = app.reached();

    for (const { sessionId } of [pending, full]) {
      expect(sessionId).not.toBe('');
      const { path = '', headers = {} } = carrier(sessionId);
      const thief = app.browser();
      expectRefusal(await thief.get(`/private${path}`, headers), 401, 'UNAUTHENTICATED');
      expectRefusal(await thief.get(`/mfa/totp/status${path}`, headers), 401, 'UNAUTHENTICATED');
      const verified = await thief.post(`/mfa/totp/verify${path}`, { code }, headers);
      expectRefusal(verified, 401, 'NO_PENDING_LOGIN');
    }
    expect(app.reached()).toBe(reached);
    expect(await app.rawState(user)).toBe(state);
  });
});

describe('a pending login changes no factor', () => {
  test('PS-04 it neither begins nor confirms an enrolment', async () => {
    const authenticator = await importUser(app, 'changer');
    const browser = await app.pending('changer');
    const state = await app.rawState('changer');
    const session = await app.sessionOf(browser);
    const code = authenticator.code();

    const attempts = [
      await browser.post('/mfa/totp/enroll', {}),
      await browser.post('/mfa/totp/enroll', { password: 'password of changer' }),
      await browser.post('/mfa/totp/enroll', {
        password: 'password of changer',
        code,
      }),
      await browser.post('/mfa/totp/verify-enrollment', { code }),
    ];
    for (const response of attempts) {
      expectRefusal(response, 401, 'MFA_REQUIRED');
      expect(response.text).not.toMatch(/otpauth|secret|qr_code|backup_codes|[A-Z2-7]{32}/);
    }
    expect(await app.rawState('changer')).toBe(state);
    expect(await app.sessionOf(browser)).toEqual(session);
  });

  test('PS-04 an enrolment that was begun before cannot be confirmed from it', async () => {
    const browser = await app.pending('late');
    const started = await browser.post('/mfa/totp/enroll', {});
    expect(started.status).toBe(201);
    // Enrolled elsewhere meanwhile; the password is given anew in this browser.
    await importUser(app, 'late');
    await browser.post('/login', { user: 'late', password: 'password of late' });
    const state = await app.rawState('late');

    expectRefusal(await browser.post('/mfa/totp/verify-enrollment', { code: '123456' }), 401, 'MFA_REQUIRED');
    expect(await app.sessionOf(browser)).not.toHaveProperty('mfa.enrollment');
    expect(await app.rawState('late')).toBe(state);
  });

  test('PS-05 it neither disables nor regenerates, with the right password and code', async () => {
    const authenticator = await importUser(app, 'remover');
    const browser = await app.pending('remover');
    const state = await app.rawState('remover');
    const body = { password: 'password of remover', code: authenticator.code() };

    expectRefusal(await browser.delete('/mfa/totp/disable', body), 401, 'MFA_REQUIRED');
    expectRefusal(await browser.post('/mfa/totp/disable', body), 401, 'MFA_REQUIRED');
    expectRefusal(await browser.post('/mfa/totp/regenerate-backup-codes', body), 401, 'MFA_REQUIRED');
    expect(await app.rawState('remover')).toBe(state);
    // Nor was the code looked at: it still completes the login.
    expect((await browser.post('/mfa/totp/verify', body)).status).toBe(200);
  });
});

describe('a second step needs a first one', () => {
  test('PS-06 a right code without a session is refused, and nobody is told whose it is', async () => {
    const authenticator = await importUser(app, 'nobody-knows');
    const state = await app.rawState('nobody-knows');
    const sessions = Object.keys(await storedSessions(app));

    const code = authenticator.code();
    const bodies = [{}, { user: 'nobody-knows' }, { userId: 'nobody-knows', pendingUserId: 'nobody-knows' }];
    for (const more of bodies) {
      const response = await app.browser().post('/mfa/totp/verify', { ...more, code });
      expectRefusal(response, 401, 'NO_PENDING_LOGIN');
      expect(response.text).not.toContain('nobody-knows');
    }
    expect(Object.keys(await storedSessions(app))).toEqual(sessions);
    expect(await app.rawState('nobody-knows')).toBe(state);
  });

  test('PS-06 a right code after the log-out is refused', async () => {
    const authenticator = await importUser(app, 'gone');
    const browser = await app.pending('gone');
    await browser.post('/log-out', {});
    const state = await app.rawState('gone');

    expectRefusal(
      await browser.post('/mfa/totp/verify', { code: authenticator.code() }),
      401,
      'NO_PENDING_LOGIN',
    );
    expectRefusal(await browser.get('/private'), 401, 'UNAUTHENTICATED');
    expect(await app.rawState('gone')).toBe(state);
  });

  test('PS-06 a pending login is completed once, also where its session is written back', async () => {
    const authenticator = await importUser(app, 'once');
    const browser = await app.pending('once');
    const old = browser.copy();
    const key = `${app.prefix}sess:${old.sessionId}`;
    const session = await app.redis.get(key);
    expect((await browser.post('/mfa/totp/verify', { code: authenticator.code() })).status).toBe(200);
    app.clock.nextStep();
    const code = authenticator.code();
    const state = await app.rawState('once');

    expectRefusal(await old.post('/mfa/totp/verify', { code }), 401, 'NO_PENDING_LOGIN');
    await app.redis.set(key, session ?? '');
    const again = await old.post('/mfa/totp/verify', { code });
    expectRefusal(again, 401, 'NO_PENDING_LOGIN');
    expect(again.text).not.toContain('once');
    expect((await old.get('/private')).status).toBe(401);
    expect(await app.rawState('once')).toBe(state);
  });
});
