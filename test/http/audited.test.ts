import { request as httpRequest } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { type MfaStore, redisMfaStore } from 'express-mfa';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { codeAt, importUser } from '../app/imported-user.ts';

/** What an audit found, each seen to fail before it was mended. */
let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ session: { rolling: true, cookie: { maxAge: 3_600_000 } } });
});
afterEach(() => {
  jest.restoreAllMocks();
});
afterAll(() => app.close());

test('a code that is named and missing is malformed: nothing is disabled or regenerated without it', async () => {
  await importUser(app, 'codeless');
  const before = await app.rawState('codeless');
  const body: { code?: string } = {};
  // As `{ code: req.body.code }` is in JavaScript; the types refuse it under exactOptionalPropertyTypes.
  const input = { code: body.code } as { code: string };
  const refused = { ok: false, errorType: 'VALIDATION_ERROR' };
  expect(await app.mfa.service.disable('codeless', input)).toEqual(refused);
  expect(await app.mfa.service.regenerateBackupCodes('codeless', input)).toEqual(refused);
  expect(await app.rawState('codeless')).toBe(before);
});

test('logging out everywhere destroys this session also where the account store hangs', async () => {
  const authenticator = await importUser(app, 'leaver');
  const browser = await app.full('leaver', authenticator);
  const stolen = browser.copy();
  jest.spyOn(app.store, 'get').mockImplementation(() => new Promise(() => undefined));
  expect((await browser.post('/log-out', { everywhere: true })).status).toBe(503);
  jest.restoreAllMocks();
  expect((await stolen.get('/private')).status).toBe(401);
  expect((await stolen.get('/whoami')).body).toEqual({ userId: null });
});

test('RP-05 unlock does not make a code of the step ahead good again', async () => {
  const authenticator = await importUser(app, 'ahead');
  const code = codeAt(app, authenticator, 1);
  expect(await app.mfa.service.verify('ahead', { code })).toMatchObject({ ok: true });
  await app.mfa.service.unlock('ahead');
  expect(await app.mfa.service.verify('ahead', { code })).toMatchObject({
    ok: false,
    errorType: 'INVALID_CODE',
  });
});

test('SU-17 a status that was under way does not overwrite the cookie of a login', async () => {
  await importUser(app, 'poller');
  const browser = await app.pending('poller');
  const denied = await browser.copy().get('/mfa/totp/status');
  expect(denied.status).toBe(401);
  expect(denied.headers['set-cookie']).toBeUndefined();
});

test('a login that begins and is refused within one request has its cookie', async () => {
  const other = await createTestApp({
    beforeRoutes(host, mfa) {
      // As a remember-me middleware does, before the routes of the second step.
      host.use((req, _res, next) => {
        if (req.headers['x-remember-me'] === undefined) return next();
        mfa.startLogin(req, 'rememberer', { via: 'remember_me' }).then(() => next(), next);
      });
    },
  });
  await importUser(other, 'rememberer');
  const browser = other.browser();
  const refused = await browser.post('/mfa/totp/verify', { code: '000000' }, { 'X-Remember-Me': 'yes' });
  expect(refused.status).toBe(401);
  expect(refused.headers['set-cookie']).toBeDefined();
  expect((await browser.get('/pending')).body.pending).not.toBeNull();
  await other.close();
});

test('a body that is announced as too long is refused before it comes', async () => {
  const browser = await app.pending('announcer');
  const status = await new Promise((resolve, reject) => {
    const headers = {
      Cookie: browser.cookie,
      'Content-Type': 'application/json',
      'Content-Length': 1_000_000_000,
      'Sec-Fetch-Site': 'same-origin',
    };
    const sending = httpRequest(`${app.url}/mfa/totp/verify`, { method: 'POST', headers }, (response) => {
      resolve(response.statusCode);
      sending.destroy();
    });
    sending.on('error', reject);
    sending.write('{');
  });
  expect(status).toBe(413);
});

test('a client that answers nothing where there is no account is a fault, not "not enrolled"', async () => {
  const silent = {
    get: async () => undefined,
    del: async () => 0,
    eval: async () => 1,
    evalSha: async () => 1,
  };
  await expect(redisMfaStore(silent).get('anybody')).rejects.toThrow('not written by this store');
});

test('what logIn gives and JSON cannot hold logs nobody in', async () => {
  const other = await createTestApp({
    mfa: {
      logIn(req, userId) {
        req.session.userId = userId;
        return { data: { id: 7n } };
      },
    },
  });
  const authenticator = await importUser(other, 'big');
  const browser = await other.pending('big');
  const response = await browser.post('/mfa/totp/verify', { code: authenticator.code() });
  expect([response.status, response.headers['set-cookie']]).toEqual([503, undefined]);
  expect((await browser.get('/private')).status).toBe(401);
  await other.close();
});

test('an event knows the address also where the client is gone by then', async () => {
  const authenticator = await importUser(app, 'gone');
  const browser = await app.pending('gone');
  const { put } = app.store;
  jest.spyOn(app.store, 'put').mockImplementation(async (...input) => {
    sending.destroy();
    return put(...input);
  });
  const told = new Promise<unknown>((resolve) => {
    const stop = app.mfa.service.events.on('challenge.succeeded', (event) => {
      stop();
      resolve(event);
    });
  });
  const headers = { Cookie: browser.cookie, 'Content-Type': 'application/json' };
  const sending = httpRequest(`${app.url}/mfa/totp/verify`, { method: 'POST', headers });
  sending.on('error', () => undefined);
  sending.end(JSON.stringify({ code: authenticator.code() }));
  expect(await told).toMatchObject({ userId: 'gone', ip: expect.stringContaining('127.0.0.1') });
});

test('a request whose address cannot be read any more is checked all the same', async () => {
  const session = { regenerate: () => undefined, userId: 'addressless' };
  const broken = {
    session,
    get ip(): string {
      throw new TypeError('the socket is gone');
    },
  };
  const request = broken as unknown as Parameters<typeof app.mfa.check>[0];
  expect(await app.mfa.check(request, { unenrolled: 'allow' })).toEqual({ ok: true, userId: 'addressless' });
});

test('logging out everywhere destroys this session also where the host cannot say whose it is', async () => {
  let failing = false;
  const other = await createTestApp({
    mfa: {
      currentUserId(req) {
        if (failing) throw new Error('the user database is down');
        return req.session.userId;
      },
    },
  });
  const browser = await other.pending('unnamed');
  failing = true;
  expect((await browser.post('/log-out', { everywhere: true })).status).toBe(500);
  failing = false;
  expect((await browser.get('/whoami')).body).toEqual({ userId: null });
  await other.close();
});

test('what is malformed counts for nothing, also beside a wrong password', async () => {
  const authenticator = await importUser(app, 'malformed');
  const browser = await app.full('malformed', authenticator);
  const before = await app.rawState('malformed');
  const refused = await browser.delete('/mfa/totp/disable', { password: 'wrong', code: 'abc' });
  expect([refused.status, refused.body.error_type]).toEqual([400, 'VALIDATION_ERROR']);
  expect(await app.rawState('malformed')).toBe(before);
});

test('a store without promises is a store', async () => {
  const accounts = new Map<string, { version: string; data: string }>();
  const store = {
    get: (id: string) => accounts.get(id),
    put: (id: string, next: { version: string; data: string }) => accounts.set(id, next) === accounts,
    delete: (id: string) => void accounts.delete(id),
  };
  const other = await createTestApp({ mfa: { store: store as unknown as MfaStore } });
  expect(await other.mfa.service.importTotp('sync', 'A'.repeat(32), { encoding: 'base32' })).toEqual({
    ok: true,
  });
  expect((await other.mfa.service.status('sync')).enrolled).toBe(true);
  await other.close();
});
