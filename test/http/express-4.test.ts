import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import type { createTestApp as CreateTestApp, TestApp } from '../app/create-test-app.ts';
import { codeAt, importUser, wrongCode } from '../app/imported-user.ts';

// For the host and the library alike; so what imports Express is imported after this.
jest.mock('express', () => jest.requireActual('express4'));

let createTestApp: typeof CreateTestApp;
let app: TestApp;
beforeAll(async () => {
  ({ createTestApp } = await import('../app/create-test-app.ts'));
  const { flashHost } = await import('../app/flash-host.ts');
  app = await createTestApp({ after: flashHost });
});
afterEach(() => {
  jest.restoreAllMocks();
  app.errors.splice(0);
});
afterAll(() => app.close());

test('host and library use Express 4: only its apps and routers have these', () => {
  expect(Reflect.get(app.app, 'lazyrouter')).toBeInstanceOf(Function);
  expect(Reflect.get(app.mfa, 'process_params')).toBeInstanceOf(Function);
});

test('enrol, log in with a code and with a backup code, regenerate, disable', async () => {
  const browser = await app.pending('A');
  const enrolled = await browser.post('/mfa/totp/enroll', {});
  expect(enrolled.status).toBe(201);
  const { secret, backup_codes } = enrolled.body.data;
  const code = () => codeAt(app, { secret });
  expect((await browser.post('/mfa/totp/verify-enrollment', { code: code() })).status).toBe(200);

  app.clock.nextStep();
  const again = await app.pending('A');
  expect((await again.get('/private')).body.error_type).toBe('MFA_REQUIRED');
  expect((await again.post('/mfa/totp/verify', { code: code() })).body.data.method).toBe('totp');
  expect((await again.get('/private')).body).toEqual({ reached: true, userId: 'A' });

  const withBackupCode = await app.pending('A');
  const spent = await withBackupCode.post('/mfa/totp/verify', { code: backup_codes[0] });
  expect(spent.body.data.backup_codes_remaining).toBe(9);
  const body = { password: 'password of A' };
  const regenerated = await again.post('/mfa/totp/regenerate-backup-codes', body);
  expect(regenerated.body.data.backup_codes).toHaveLength(10);
  expect((await again.delete('/mfa/totp/disable', body)).status).toBe(200);
  expect((await withBackupCode.get('/lenient')).status).toBe(401);
  expect((await again.post('/log-out')).status).toBe(200);
  expect((await app.pending('A')).cookie).not.toBe('');
});

test('a message for the page after the log-out arrives', async () => {
  const browser = await app.full('leaves', await importUser(app, 'leaves'));
  const old = browser.copy();
  expect((await browser.post('/leave')).status).toBe(303);
  const notices = { notices: ['You are logged out.'], userId: null };
  expect((await browser.get('/notices')).body).toEqual(notices);
  expect((await old.get('/private')).status).toBe(401);
});

test('refusals, bodies and methods are the same', async () => {
  const authenticator = await importUser(app, 'B');
  const browser = await app.pending('B');
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const verify = async (body?: object | string, headers = {}) => {
    const { status, body: answer } = await browser.post('/mfa/totp/verify', body, headers);
    return [status, answer.error_type];
  };
  expect(await verify({ code: wrongCode(app, authenticator) })).toEqual([401, 'INVALID_CODE']);
  expect(await verify({ code: 123456 })).toEqual([400, 'VALIDATION_ERROR']);
  expect(await verify('{', { 'Content-Type': 'application/json' })).toEqual([400, 'VALIDATION_ERROR']);
  expect(await verify({ code: 'x'.repeat(3_000) })).toEqual([413, 'VALIDATION_ERROR']);
  expect(await verify('x', { 'Content-Type': 'text/plain' })).toEqual([415, 'VALIDATION_ERROR']);
  expect(await verify()).toEqual([400, 'VALIDATION_ERROR']);
  expect(await verify('code=1', { ...form, 'Sec-Fetch-Site': 'cross-site' })).toEqual([403, 'CROSS_SITE']);
  expect((await browser.send('HEAD', '/mfa/totp/status')).status).toBe(405);
  expect((await browser.get('/mfa/elsewhere')).status).toBe(404);
  expect(await verify(`code=${authenticator.code()}`, form)).toEqual([200, undefined]);
});

test('a store that fails is 503, and the app goes on', async () => {
  const browser = await app.full('C', await importUser(app, 'C'));
  const get = jest.spyOn(app.store, 'get').mockRejectedValue(new Error('down'));
  expect((await browser.get('/private')).status).toBe(503);
  expect((await browser.get('/mfa/totp/status')).status).toBe(503);
  get.mockRestore();
  expect((await browser.get('/private')).status).toBe(200);
});

/** The guard's answer to somebody unenrolled, and that of the route that enrols, where a hook rejects. */
const expected = {
  currentUserId: [500, 500],
  onDenied: [500, 201],
  logIn: [401, 401],
  accountName: [403, 500],
  verifyPassword: [403, 500],
};

test.each(Object.entries(expected))(
  'a `%s` that rejects does not hang the request',
  async (name, statuses) => {
    const fail = () => Promise.reject(new Error('the hook failed'));
    const other = await createTestApp({ mfa: { [name]: fail } });
    const browser = await other.pending('N');
    const guarded = await browser.get('/private');
    const enrolling = await browser.post('/mfa/totp/enroll', { password: 'password of N' });
    expect([guarded.status, enrolling.status]).toEqual(statuses);
    await other.close();
  },
);
