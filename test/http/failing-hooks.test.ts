import { afterEach, expect, jest, test } from '@jest/globals';
import type { MfaOptions } from 'express-mfa';
import type { Response } from 'supertest';
import type { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { codeAt, importUser } from '../app/imported-user.ts';
import { loggedInSessions } from '../app/stored-sessions.ts';

let app: TestApp;
afterEach(async () => {
  jest.restoreAllMocks();
  await app.close();
});

const secretText = 'a secret of the hook';
function fail(): never {
  throw Object.assign(new Error(secretText), { status: 200, code: 'SECRET' });
}
const ways: [string, () => never | Promise<never>][] = [
  ['throws', fail],
  ['rejects', async () => fail()],
  [
    'throws what is no error',
    () => {
      throw secretText;
    },
  ],
];

function expectClosed(response: Response, status: 500 | 503): void {
  const errorType = status === 500 ? 'INTERNAL' : 'UNAVAILABLE';
  expect([response.status, response.body.error_type]).toEqual([status, errorType]);
  expect(Object.keys(response.body)).toEqual(['success', 'message', 'error_type']);
  expect(response.headers['cache-control']).toBe('no-store');
  expect(response.headers['set-cookie']).toBeUndefined();
  expect(JSON.stringify([response.headers, response.text])).not.toMatch(/secret of|\.ts|at .*:\d+|SECRET/);
}

/** `onError` was told, once. */
function expectReported(): void {
  expect(app.errors).toHaveLength(1);
  expect(String(app.errors[0])).toContain(secretText);
}

/** An app whose hook is in order until the test says so. */
async function appWhere(
  name: 'currentUserId' | 'logIn' | 'accountName' | 'verifyPassword',
  hook: () => unknown,
) {
  let failing = false;
  const right = {
    currentUserId: (req: { session: { userId?: unknown } }) => req.session.userId,
    logIn: (req: { session: object }, userId: unknown) => void Object.assign(req.session, { userId }),
    accountName: () => 'name',
    verifyPassword: () => true,
  };
  const either = (...args: unknown[]) =>
    failing ? hook() : (right[name] as (...args: unknown[]) => unknown)(...args);
  app = await createTestApp({ mfa: { [name]: either } as Partial<MfaOptions> });
  const authenticator = await importUser(app, 'A');
  return {
    code: () => codeAt(app, authenticator, 1),
    async failFor(request: () => Promise<Response>): Promise<Response> {
      failing = true;
      const response = await request();
      failing = false;
      return response;
    },
  };
}

async function unchanged(browser: Browser) {
  return { account: await app.rawState('A'), session: await app.sessionOf(browser), reached: app.reached() };
}

test.each(ways)('IL-09 a `currentUserId` that %s: 500, and nobody passes', async (_name, hook) => {
  const { failFor } = await appWhere('currentUserId', hook);
  const browser = await app.pending('N');
  const before = await unchanged(browser);
  expectClosed(await failFor(() => browser.get('/lenient')), 500);
  expectReported();
  expectClosed(await failFor(() => browser.get('/mfa/totp/status')), 500);
  expectClosed(await failFor(() => browser.post('/mfa/totp/verify', { code: '123456' })), 500);
  expect(await unchanged(browser)).toEqual(before);
  expect((await browser.get('/lenient')).status).toBe(200);
});

test.each(ways)('IL-09 a `logIn` that %s: 503, no session, and the code is spent', async (_name, hook) => {
  const { failFor, code } = await appWhere('logIn', hook);
  const browser = await app.pending('A');
  const old = browser.copy();
  expectClosed(await failFor(() => browser.post('/mfa/totp/verify', { code: code() })), 503);
  expectReported();
  expect(await app.sessionOf(browser)).toBeUndefined();
  expect((await old.get('/private')).body.error_type).toBe('UNAUTHENTICATED');
  expect((await old.post('/mfa/totp/verify', { code: code() })).body.error_type).toBe('NO_PENDING_LOGIN');
  const again = await app.pending('A');
  expect((await again.post('/mfa/totp/verify', { code: code() })).body.error_type).toBe('INVALID_CODE');
});

test.each(ways)('IL-09 an `accountName` that %s: 500, and no enrolment runs', async (_name, hook) => {
  const { failFor } = await appWhere('accountName', hook);
  const browser = await app.pending('N');
  const before = await unchanged(browser);
  expectClosed(await failFor(() => browser.post('/mfa/totp/enroll', {})), 500);
  expectReported();
  expect(await unchanged(browser)).toEqual(before);
  expect(app.events.map(({ name }) => name)).not.toContain('enrollment.started');
});

test.each(ways)(
  'IL-09 a `verifyPassword` that %s: 500, nothing changes, nothing is counted',
  async (_name, hook) => {
    const { failFor, code } = await appWhere('verifyPassword', hook);
    const browser = await app.pending('A');
    await browser.post('/mfa/totp/verify', { code: code() });
    const before = await unchanged(browser);
    const body = { password: 'password of A' };
    expectClosed(await failFor(() => browser.delete('/mfa/totp/disable', body)), 500);
    expectReported();
    expectClosed(await failFor(() => browser.post('/mfa/totp/regenerate-backup-codes', body)), 500);
    expect(await unchanged(browser)).toEqual(before);
  },
);

test.each([undefined, null, 1, 'yes', {}, 'true'])(
  'IL-09 a `verifyPassword` that gives %p has not said that the password is right',
  async (answer) => {
    const { failFor, code } = await appWhere('verifyPassword', () => answer);
    const browser = await app.pending('A');
    await browser.post('/mfa/totp/verify', { code: code() });
    const response = await failFor(() => browser.delete('/mfa/totp/disable', { password: 'x' }));
    expect([response.status, response.body.error_type]).toEqual([401, 'INVALID_CREDENTIALS']);
    expect((await app.mfa.service.status('A')).enrolled).toBe(true);
  },
);

test('IL-09 a `logIn` after which the app names another user, or nobody, logs nobody in', async () => {
  for (const logIn of [
    () => undefined,
    (req: { session: object }) => void Object.assign(req.session, { userId: 'B' }),
  ]) {
    app = await createTestApp({ mfa: { logIn } });
    const authenticator = await importUser(app, 'A');
    const browser = await app.pending('A');
    expectClosed(await browser.post('/mfa/totp/verify', { code: authenticator.code() }), 503);
    expect(await app.sessionOf(browser)).toBeUndefined();
    expect(app.errors.map(String)).toEqual([
      expect.stringContaining('`currentUserId` then names the same user'),
    ]);
    if (logIn.length === 0) await app.close();
  }
});

test('IL-09 a `logIn` that saves the session and then fails leaves no session with the user', async () => {
  app = await createTestApp({
    mfa: {
      async logIn(req, userId) {
        req.session.userId = userId;
        await new Promise((resolve) => req.session.save(resolve));
        expect(await loggedInSessions(app, 'A')).toBe(1);
        fail();
      },
    },
  });
  const authenticator = await importUser(app, 'A');
  const browser = await app.pending('A');
  expectClosed(await browser.post('/mfa/totp/verify', { code: authenticator.code() }), 503);
  expectReported();
  expect(await loggedInSessions(app, 'A')).toBe(0);
});

test('IL-09 an `onError` that throws changes no answer, and is told of once', async () => {
  const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  app = await createTestApp({ mfa: { currentUserId: fail, onError: fail } });
  for (let time = 0; time < 2; time++) expectClosed(await app.browser().get('/private'), 500);
  expect(warned.mock.calls).toEqual([['`onError` itself threw an error.', { type: 'ExpressMfaWarning' }]]);
});

test('IL-09 without `onError`, production logs the message and no stack', async () => {
  const logged = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  try {
    const unset = { now: undefined, onError: undefined } as unknown as Partial<MfaOptions>;
    app = await createTestApp({ mfa: { ...unset, currentUserId: fail, realm: 'default-on-error' } });
  } finally {
    process.env.NODE_ENV = before;
  }
  expectClosed(await app.browser().get('/private'), 500);
  expect(logged.mock.calls).toEqual([['express-mfa:', secretText]]);
});
