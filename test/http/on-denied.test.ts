import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import type { OnDenied } from 'express-mfa';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { importUser } from '../app/imported-user.ts';

let app: TestApp;
const onDenied = jest.fn<OnDenied>();
beforeAll(async () => {
  app = await createTestApp({ mfa: { onDenied } });
  await importUser(app, 'A');
});
afterEach(() => {
  jest.restoreAllMocks();
  onDenied.mockReset();
  app.errors.splice(0);
});
afterAll(() => app.close());

test('`onDenied` answers instead of the guard, with all that the guard knows', async () => {
  onDenied.mockImplementation((denial, _req, res) => res.status(denial.status).json({ own: denial }));
  const pending = await app.pending('A');
  const response = await pending.get('/private');
  expect(response.status).toBe(401);
  expect(response.body).toEqual({
    own: {
      ok: false,
      status: 401,
      errorType: 'MFA_REQUIRED',
      methods: ['totp'],
      expiresAt: app.clock.now() + 600_000,
      redirectTo: '/mfa/challenge',
    },
  });
  expect(app.reached()).toBe(0);
});

test('it is not asked where the guard lets pass, nor by our own routes', async () => {
  const unenrolled = await app.pending('N');
  expect((await unenrolled.get('/lenient')).status).toBe(200);
  expect((await app.browser().get('/mfa/totp/status')).body.error_type).toBe('UNAUTHENTICATED');
  expect(onDenied).not.toHaveBeenCalled();
});

test('a fault is told to it as well', async () => {
  onDenied.mockImplementation((denial, _req, res) =>
    res.status(denial.status).json({ own: denial.errorType }),
  );
  const pending = await app.pending('A');
  jest.spyOn(app.store, 'get').mockRejectedValue(new Error('down'));
  const response = await pending.get('/private');
  expect([response.status, response.body]).toEqual([503, { own: 'UNAVAILABLE' }]);
});

test('a fault that it answers leaves the session alone: its store may be what hangs', async () => {
  onDenied.mockImplementation((denial, _req, res) => res.status(denial.status).end());
  const pending = await app.pending('A');
  const asked = (['set', 'touch', 'destroy'] as const).map((method) => jest.spyOn(app.sessions, method));
  jest.spyOn(app.store, 'get').mockRejectedValue(new Error('down'));
  const response = await pending.get('/private');
  expect([response.status, response.headers['set-cookie']]).toEqual([503, undefined]);
  for (const method of asked) expect(method).not.toHaveBeenCalled();
});

test.each<[string, OnDenied]>([
  [
    'throws',
    () => {
      throw new Error('the hook failed');
    },
  ],
  ['rejects', () => Promise.reject(new Error('the hook failed'))],
  ['passes an error on', (_denial, _req, _res, next) => next(new Error('the hook failed'))],
])(
  'where it %s, the host’s error handler answers, and the handler behind the guard is not reached',
  async (_name, hook) => {
    onDenied.mockImplementation(hook);
    const before = app.reached();
    const response = await (await app.pending('A')).get('/private');
    expect([response.status, response.body]).toEqual([500, { error: 'Error' }]);
    expect(app.reached()).toBe(before);
  },
);
