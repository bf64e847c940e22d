import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import type { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectRefusal } from '../app/expect-refusal.ts';
import { importUser } from '../app/imported-user.ts';
import { watchAnswers } from '../app/watch-answers.ts';

let app: TestApp;
const answers = watchAnswers();
beforeAll(async () => {
  app = await createTestApp({
    before: answers.watch,
    after(host, mfa) {
      host.post('/login-remember', async (_req, res) => {
        res.cookie('remember', 'token of F', { httpOnly: true });
        res.json(await mfa.startLogin(_req, 'F', { carry: { remember: true } }));
      });
      // What a host does for somebody who comes back: the token stands for the first step.
      host.get('/come-back', async (req, res) => {
        const remembered = req.headers.cookie?.includes('remember=token%20of%20F');
        if (!remembered) return void res.status(401).json({});
        res.json(await mfa.startLogin(req, 'F', { via: 'remember_me' }));
      });
      // The common mistake: the old line is left beside the new one.
      host.post('/double-login/:user', async (req, res) => {
        const login = await mfa.startLogin(req, req.params.user);
        req.session.userId = req.params.user;
        res.json(login);
      });
    },
  });
});
afterEach(() => {
  answers.check();
  expect(app.errors).toEqual([]);
  jest.restoreAllMocks();
});
afterAll(() => app.close());

const guarded = ['/private', '/sensitive', '/lenient', '/lenient-sensitive'];

async function expectDenied(browser: Browser, errorType = 'MFA_REQUIRED'): Promise<void> {
  const reached = app.reached();
  for (const path of guarded) expectRefusal(await browser.get(path), 401, errorType);
  expect(app.reached()).toBe(reached);
}

test.each([
  ['PS-08 a password reset', 'password_reset', 'A'],
  ['PS-09 an OAuth callback', 'google', 'B'],
  ['PS-09 a magic link', 'magic_link', 'C'],
])('%s logs nobody in without the second step', async (_title, via, user) => {
  const authenticator = await importUser(app, user);
  const browser = app.browser();
  const started = await browser.post('/other-login', { user, via });
  expect(started.body).toEqual({
    status: 'mfa_required',
    methods: ['totp'],
    expiresAt: app.clock.now() + 600_000,
    redirectTo: '/mfa/challenge',
  });
  expect((await browser.get('/whoami')).body).toEqual({ userId: null });
  await expectDenied(browser);

  expect((await browser.post('/mfa/totp/verify', { code: authenticator.code() })).status).toBe(200);
  expect((await browser.get('/private')).body).toEqual({ reached: true, userId: user });
  expect((await app.sessionOf(browser)).mfa.amr).toEqual([via, 'otp', 'mfa']);
});

test('PS-09 a login path that forgets the second step is caught by the guard', async () => {
  const authenticator = await importUser(app, 'D');
  const browser = app.browser();
  await browser.post('/forgetful-login', { user: 'D' });
  expect((await browser.get('/whoami')).body).toEqual({ userId: 'D' });
  await expectDenied(browser);

  // Nothing is proven, the first step neither: no change of factors, and no code is used up by trying.
  const code = authenticator.code();
  const state = await app.rawState('D');
  const password = 'password of D';
  expectRefusal(await browser.delete('/mfa/totp/disable', { password }), 401, 'MFA_REQUIRED');
  expectRefusal(await browser.post('/mfa/totp/regenerate-backup-codes', { password }), 401, 'MFA_REQUIRED');
  expectRefusal(await browser.delete('/mfa/totp/disable', { code }), 401, 'INVALID_CREDENTIALS');
  expectRefusal(await browser.post('/mfa/totp/enroll', { password }), 409, 'CONFLICT');
  expect(await app.rawState('D')).toBe(state);
  expect((await browser.get('/mfa/totp/status')).body.data).toMatchObject({
    totp_enabled: true,
    verified: false,
  });

  expect((await browser.post('/mfa/totp/verify', { code })).body.data.user_id).toBe('D');
  expect((await browser.get('/private')).status).toBe(200);
  expect((await app.sessionOf(browser)).mfa).toMatchObject({ authenticatedAt: 0, amr: ['otp', 'mfa'] });
});

test('PS-09 a forgetful path lets a user without a factor enrol with the password only', async () => {
  const browser = app.browser();
  await browser.post('/forgetful-login', { user: 'E' });
  expectRefusal(await browser.get('/private'), 403, 'MFA_ENROLLMENT_REQUIRED');
  expect((await browser.get('/lenient')).body).toEqual({ reached: true, userId: 'E' });

  expectRefusal(await browser.post('/mfa/totp/enroll', {}), 401, 'INVALID_CREDENTIALS');
  expect(await app.sessionOf(browser)).not.toHaveProperty('mfa');
  expect((await browser.post('/mfa/totp/enroll', { password: 'password of E' })).status).toBe(201);
});

test('PS-10 a remembered browser is asked for the second step when its session is gone', async () => {
  const authenticator = await importUser(app, 'F');
  const first = await app.browser().post('/login-remember');
  const cookies = [first.headers['set-cookie'] ?? []].flat();
  const remember = cookies.find((cookie) => cookie.startsWith('remember='))?.split(';')[0] ?? '';
  expect(remember).toBe('remember=token%20of%20F');

  const later = app.browser();
  expectRefusal(await later.get('/private', { Cookie: remember }), 401, 'UNAUTHENTICATED');
  expect((await later.get('/come-back', { Cookie: remember })).body.status).toBe('mfa_required');
  expect((await later.get('/whoami')).body).toEqual({ userId: null });
  await expectDenied(later);
  expect((await later.post('/mfa/totp/verify', { code: authenticator.code() })).status).toBe(200);
  expect((await later.get('/private')).status).toBe(200);
  expect((await app.sessionOf(later)).mfa.amr).toEqual(['remember_me', 'otp', 'mfa']);
});

test('PS-11 a browser that was logged in before the second step was switched on has to prove it', async () => {
  const older = await app.pending('G');
  expect((await older.get('/lenient')).body).toEqual({ reached: true, userId: 'G' });
  const authenticator = await importUser(app, 'G');

  await expectDenied(older);
  expect((await older.get('/mfa/totp/status')).body.data).toMatchObject({
    totp_enabled: true,
    verified: false,
  });
  const state = await app.rawState('G');
  const body = { password: 'password of G' };
  expectRefusal(await older.delete('/mfa/totp/disable', body), 401, 'MFA_REQUIRED');
  expectRefusal(await older.post('/mfa/totp/regenerate-backup-codes', body), 401, 'MFA_REQUIRED');
  expectRefusal(await older.post('/mfa/totp/enroll', body), 409, 'CONFLICT');
  expect(await app.rawState('G')).toBe(state);

  expect((await older.post('/mfa/totp/verify', { code: authenticator.code() })).status).toBe(200);
  expect((await older.get('/private')).status).toBe(200);
});

test('PS-12 an app that sets its own user id beside a pending login is denied, and told so once', async () => {
  const authenticator = await importUser(app, 'H');
  const warnings = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  const browser = app.browser();
  expect((await browser.post('/double-login/H')).body.status).toBe('mfa_required');
  expect((await browser.get('/whoami')).body).toEqual({ userId: 'H' });
  const state = await app.rawState('H');

  await expectDenied(browser);
  expectRefusal(await browser.get('/mfa/totp/status'), 401, 'MFA_REQUIRED');
  expectRefusal(await browser.post('/mfa/totp/enroll', { password: 'password of H' }), 401, 'MFA_REQUIRED');
  expect(await app.rawState('H')).toBe(state);
  const told = warnings.mock.calls.filter(([sentence]) =>
    String(sentence).includes('second step is missing'),
  );
  expect(told).toEqual([
    [expect.stringContaining('let `startLogin` do what follows'), { type: 'ExpressMfaWarning' }],
  ]);

  // Another user's name there does not help either.
  await browser.post('/session', { userId: 'somebody else' });
  await expectDenied(browser);
  expect((await browser.post('/mfa/totp/verify', { code: authenticator.code() })).body.data.user_id).toBe(
    'H',
  );
  expect((await browser.get('/private')).body).toEqual({ reached: true, userId: 'H' });
});

test('PS-12 a user id that was set before the first step does not survive it', async () => {
  await importUser(app, 'I');
  const browser = app.browser();
  await browser.post('/forgetful-login', { user: 'I' });
  await browser.post('/login', { user: 'I', password: 'password of I' });
  expect((await browser.get('/whoami')).body).toEqual({ userId: null });
  await expectDenied(browser);
});
