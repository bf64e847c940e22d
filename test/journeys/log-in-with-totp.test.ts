import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

test('a login asks for the second step, takes a code, and opens what is guarded', async () => {
  const authenticator = await app.enrol('A');
  const browser = app.browser();

  const first = await browser.post('/login', {
    user: 'A',
    password: 'password of A',
    returnTo: '/account?tab=2',
  });
  expect(first.body).toEqual({
    status: 'mfa_required',
    methods: ['totp', 'backup_code'],
    expiresAt: app.clock.now() + 600_000,
    redirectTo: '/mfa/challenge',
  });
  expect((await browser.get('/whoami')).body).toEqual({ userId: null });
  expect((await browser.get('/private')).status).toBe(401);

  const second = await browser.post('/mfa/totp/verify', { code: authenticator.code() });
  expect(second.status).toBe(200);
  expect(second.body).toEqual({
    success: true,
    message: 'TOTP verification successful',
    data: {
      user_id: 'A',
      method: 'totp',
      backup_codes_remaining: 10,
      failed_attempts: 0,
      redirect_to: '/account?tab=2',
    },
  });
  expect((await browser.get('/private')).body).toEqual({ reached: true, userId: 'A' });
  expect(app.events.map(({ name }) => name)).toEqual([
    'enrollment.started',
    'enrollment.confirmed',
    'challenge.succeeded',
  ]);
  expect(app.errors).toEqual([]);
});
