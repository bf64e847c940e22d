import type { IncomingMessage } from 'node:http';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { MfaOptions, MfaRouter, MfaService } from 'express-mfa';
import { createKeyRing } from '../src/crypto/key-ring.ts';
import { seal } from '../src/crypto/seal.ts';
import { createTestApp, type TestApp, testKey } from './app/create-test-app.ts';

let app: TestApp;
afterEach(async () => {
  jest.restoreAllMocks();
  await app.close();
});

/** An app with a route in which a member is called; what it rejects with is kept. */
async function appWith(mfa: Partial<MfaOptions>, call: (mfa: MfaRouter, req: IncomingMessage) => unknown) {
  const rejections: unknown[] = [];
  app = await createTestApp({
    mfa,
    after: (host, router) =>
      host.post('/call', async (req, res) => {
        try {
          await call(router, req);
          res.json({ ok: true });
        } catch (error) {
          rejections.push(error);
          res.status(500).json({ ok: false });
        }
      }),
  });
  return rejections;
}

const failure = new Error('of the host');
function fail(): never {
  throw failure;
}

describe('a session store that fails otherwise than by calling back', () => {
  const ways: [string, () => unknown][] = [
    ['throws at once', fail],
    ['gives a promise that rejects', () => Promise.reject(failure)],
  ];

  test.each(ways)(
    '`logOut` where destroy %s: an MfaError with the cause, which `onError` hears',
    async (_name, way) => {
      const rejections = await appWith({}, (mfa, req) => mfa.logOut(req));
      const browser = await app.pending('N');
      jest.spyOn(app.sessions, 'destroy').mockImplementation(way as typeof app.sessions.destroy);
      await browser.post('/call', {});
      expect(rejections).toMatchObject([{ name: 'MfaError', code: 'session_failed', cause: failure }]);
      expect(app.errors).toEqual(rejections);
    },
  );

  test('a login where set throws at once: 503, nobody is logged in, and `onError` hears why', async () => {
    app = await createTestApp();
    jest.spyOn(app.sessions, 'set').mockImplementation(fail);
    const response = await app.browser().post('/login', { user: 'N', password: 'password of N' });
    expect([response.status, response.body.code]).toEqual([503, 'session_failed']);
    expect(response.headers['set-cookie']).toBeUndefined();
    expect(app.errors).toMatchObject([{ name: 'MfaError', code: 'session_failed', cause: failure }]);
  });
});

describe('a ticket', () => {
  const sealed = (plaintext: string) =>
    seal(Buffer.from(plaintext), {
      keyRing: createKeyRing([testKey]),
      purpose: 'enrollment',
      realm: '',
      user: 'A',
    });

  test.each([
    ['of another release', sealed('{"v":2}')],
    ['that is no JSON', sealed('CBOR')],
    ['that nobody sealed', 'v1.a.b.c'],
    ['that is no text', 7 as unknown as string],
    ['that is missing', undefined as unknown as string],
  ])('%s is an MfaError', async (_name, ticket) => {
    app = await createTestApp();
    const { service } = app.mfa;
    await expect(service.finishEnrollment('A', { ticket, code: '123456' })).rejects.toMatchObject({
      name: 'MfaError',
      code: 'secret_unreadable',
    });
    expect(await app.rawState('A')).toBeNull();
  });

  test('of another release, in a session: 503, and the page offers to begin anew', async () => {
    app = await createTestApp();
    const browser = await app.pending('A');
    const { mfa } = await app.sessionOf(browser);
    await browser.post('/session', {
      mfa: { ...mfa, enrollment: { userId: 'A', ticket: sealed('{"v":2}') } },
    });
    const response = await browser.post('/mfa/totp/verify-enrollment', { code: '123456' });
    expect([response.status, response.body.error_type]).toEqual([503, 'UNAVAILABLE']);
    const page = await browser.get('/mfa/setup', { Accept: 'text/html' });
    expect([page.status, page.text.includes('/mfa/totp/enroll')]).toEqual([200, true]);
    expect((await browser.post('/mfa/totp/enroll', {})).status).toBe(201);
  });
});

describe('a hook that throws', () => {
  const failed = { name: 'MfaError', code: 'hook_failed', status: 500, cause: failure };
  const calls: [string, Partial<MfaOptions>, (service: MfaService) => Promise<unknown>][] = [
    ['isEnrolled, for status', { isEnrolled: fail }, (service) => service.status('A')],
    ['isEnrolled, for verify', { isEnrolled: fail }, (service) => service.verify('A', { code: '123456' })],
    ['isEnrolled, for disable', { isEnrolled: fail }, (service) => service.disable('A')],
    ['accountName, for startEnrollment', { accountName: fail }, (service) => service.startEnrollment('A')],
  ];
  test.each(calls)('%s: an MfaError with what it threw', async (_name, mfa, call) => {
    app = await createTestApp({ mfa });
    await expect(call(app.mfa.service)).rejects.toMatchObject(failed);
  });

  test.each<[string, Partial<MfaOptions>, (mfa: MfaRouter, req: IncomingMessage) => unknown]>([
    ['isEnrolled, for startLogin', { isEnrolled: fail }, (mfa, req) => mfa.startLogin(req, 'A')],
    [
      'currentUserId, for logOut',
      { currentUserId: fail },
      (mfa, req) => mfa.logOut(req, { everywhere: true }),
    ],
  ])('%s: an MfaError with what it threw', async (_name, mfa, call) => {
    const rejections = await appWith(mfa, call);
    await app.browser().post('/call', {});
    expect(rejections).toMatchObject([failed]);
  });

  test('or gives what cannot be used, is as much of a failure', async () => {
    app = await createTestApp({
      mfa: { isEnrolled: (() => 'yes') as unknown as () => boolean, accountName: () => '' },
    });
    const { service } = app.mfa;
    const cause = expect.any(TypeError);
    await expect(service.status('A')).rejects.toMatchObject({ ...failed, cause });
  });
});

test('what cannot be carried is a TypeError, whatever JSON says of it', async () => {
  const circular: { self?: unknown } = {};
  circular.self = circular;
  for (const carry of [circular, 7n, { toJSON: fail }, 'x'.repeat(999)]) {
    const rejections = await appWith({}, (mfa, req) => mfa.startLogin(req, 'N', { carry }));
    await app.browser().post('/call', {});
    expect(rejections).toEqual([expect.any(TypeError)]);
    await app.close();
  }
  app = await createTestApp();
});
