import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import type { TestAuthenticator } from 'express-mfa/testing';
import type { Response } from 'supertest';
import type { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { codeAt, importUser, wrongCode } from '../app/imported-user.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterEach(() => {
  jest.restoreAllMocks();
  app.errors.splice(0);
});
afterAll(() => app.close());

const backupCode = /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/;
const password = 'password of E';

function expectSuccess(response: Response, status: number, message: string, data: object): void {
  expect({ status: response.status, body: response.body }).toEqual({
    status,
    body: { success: true, message: expect.stringContaining(message), data },
  });
  expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
}

function expectFailure(response: Response, status: number, errorType: string, data?: object): void {
  expect({ status: response.status, body: response.body }).toEqual({
    status,
    body: {
      success: false,
      message: expect.stringMatching(/^[A-Z].*\.$/),
      error_type: errorType,
      ...(data && { data }),
    },
  });
  expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
}

test('every route’s success, in the course of one enrolment', async () => {
  const browser = await app.pending('E');
  expectSuccess(await browser.get('/mfa/totp/status'), 200, 'status retrieved', {
    totp_enabled: false,
    methods: [],
    backup_codes_remaining: 0,
    backup_codes_low: false,
    verified: false,
    password_required: false,
  });

  const enrolled = await browser.post('/mfa/totp/enroll', { password });
  expectSuccess(enrolled, 201, 'enrollment initiated', {
    secret: expect.stringMatching(/^[A-Z2-7]{32}$/),
    provisioning_uri: expect.stringMatching(/^otpauth:\/\/totp\/Acme:E%40example\.com\?secret=/),
    qr_code: expect.stringMatching(/^data:image\/svg\+xml;base64,/),
    backup_codes: Array.from({ length: 10 }, () => expect.stringMatching(backupCode)),
  });
  const { secret, backup_codes } = enrolled.body.data;
  const authenticator: TestAuthenticator = { secret, backupCodes: backup_codes, code: () => '' };
  const code = () => codeAt(app, authenticator);

  expectSuccess(
    await browser.post('/mfa/totp/verify-enrollment', { code: code() }),
    200,
    'enrollment completed',
    { totp_enabled: true },
  );
  const status = {
    totp_enabled: true,
    methods: ['totp', 'backup_code'],
    backup_codes_remaining: 10,
    backup_codes_low: false,
    verified: true,
    password_required: true,
  };
  expectSuccess(await browser.get('/mfa/totp/status'), 200, 'status retrieved', status);

  app.clock.nextStep();
  expectSuccess(await browser.post('/mfa/totp/verify', { code: code() }), 200, 'verification successful', {
    user_id: 'E',
    method: 'totp',
    backup_codes_remaining: 10,
    failed_attempts: 0,
    redirect_to: '/',
  });
  const spent = { code: backup_codes[0], is_backup_code: true };
  expectSuccess(await browser.post('/mfa/totp/verify', spent), 200, 'verification successful', {
    user_id: 'E',
    method: 'backup_code',
    backup_codes_remaining: 9,
    failed_attempts: 0,
    redirect_to: '/',
  });
  expectSuccess(await browser.post('/mfa/totp/regenerate-backup-codes', { password }), 200, 'regenerated', {
    backup_codes: Array.from({ length: 10 }, () => expect.stringMatching(backupCode)),
  });
  expectFailure(
    await browser.post('/mfa/totp/regenerate-backup-codes', { password }),
    429,
    'TOO_MANY_ATTEMPTS',
    {
      retry_after: 60,
    },
  );
  expectSuccess(await browser.delete('/mfa/totp/disable', { password }), 200, 'disabled', {
    totp_enabled: false,
  });
});

test('each `error_type` of a person who does the wrong thing', async () => {
  const guest = app.browser();
  const unenrolled = await app.pending('N');
  const authenticator = await importUser(app, 'A');
  const full = await app.full('A', authenticator);
  const pending = await app.pending('A');
  const wrong = { code: wrongCode(app, authenticator) };

  expectFailure(await pending.post('/mfa/totp/verify', { code: 7 }), 400, 'VALIDATION_ERROR');
  expectFailure(
    await pending.post('/mfa/totp/verify', 'code', { 'Content-Type': 'text/plain' }),
    415,
    'VALIDATION_ERROR',
  );
  expectFailure(await pending.post('/mfa/totp/verify', { code: 'x'.repeat(3_000) }), 413, 'VALIDATION_ERROR');
  expectFailure(await unenrolled.delete('/mfa/totp/disable', {}), 400, 'NOT_ENROLLED');
  expectFailure(await unenrolled.post('/mfa/totp/regenerate-backup-codes', {}), 400, 'NOT_ENROLLED');
  expectFailure(await guest.get('/mfa/totp/status'), 401, 'UNAUTHENTICATED');
  expectFailure(await guest.get('/private'), 401, 'UNAUTHENTICATED');
  const noPending = await guest.post('/mfa/totp/verify', wrong);
  expectFailure(noPending, 401, 'NO_PENDING_LOGIN');
  expect(noPending.body.message).toContain('no pending verification session');
  expectFailure(await pending.post('/mfa/totp/verify', wrong), 401, 'INVALID_CODE');
  expectFailure(await full.delete('/mfa/totp/disable', { password: 'wrong' }), 401, 'INVALID_CREDENTIALS');
  expectFailure(await full.delete('/mfa/totp/disable', {}), 401, 'INVALID_CREDENTIALS');
  const ends = { methods: ['totp'], expires_at: new Date(app.clock.now() + 600_000).toISOString() };
  expectFailure(await pending.get('/private'), 401, 'MFA_REQUIRED', ends);
  expectFailure(await pending.get('/mfa/totp/status'), 401, 'MFA_REQUIRED', ends);
  expectFailure(await unenrolled.get('/private'), 403, 'MFA_ENROLLMENT_REQUIRED');
  expectFailure(
    await pending.post('/mfa/totp/verify', wrong, { 'Sec-Fetch-Site': 'cross-site' }),
    403,
    'CROSS_SITE',
  );
  expectFailure(await pending.get('/mfa/totp/verify'), 405, 'METHOD_NOT_ALLOWED');
  expectFailure(await full.post('/mfa/totp/enroll', {}), 409, 'CONFLICT');
  expectFailure(await unenrolled.post('/mfa/totp/verify-enrollment', wrong), 409, 'NO_PENDING_ENROLLMENT');
});

test('a step that was proven too long ago is MFA_REQUIRED, where it is asked for', async () => {
  const full: Browser = await app.full('S', await importUser(app, 'S'));
  app.clock.move(301_000);
  const stale = { methods: ['totp'] };
  expectFailure(await full.get('/sensitive'), 401, 'MFA_REQUIRED', stale);
  const body = { password: 'password of S' };
  expectFailure(await full.delete('/mfa/totp/disable', body), 401, 'MFA_REQUIRED', stale);
  expectFailure(await full.post('/mfa/totp/regenerate-backup-codes', body), 401, 'MFA_REQUIRED', stale);
  expect((await full.get('/private')).status).toBe(200);
});

test('a wait is told in the header and in the body', async () => {
  const authenticator = await importUser(app, 'W');
  const pending = await app.pending('W');
  for (let failure = 0; failure < 5; failure++) {
    expectFailure(
      await pending.post('/mfa/totp/verify', { code: wrongCode(app, authenticator) }),
      401,
      'INVALID_CODE',
    );
  }
  app.clock.move(4_500);
  const waiting = await pending.post('/mfa/totp/verify', { code: wrongCode(app, authenticator) });
  expectFailure(waiting, 429, 'TOO_MANY_ATTEMPTS', { retry_after: 26 });
  expect(waiting.headers['retry-after']).toBe('26');
  app.clock.move(26_000);
  expect(
    (await pending.post('/mfa/totp/verify', { code: codeAt(app, authenticator) })).body.data.failed_attempts,
  ).toBe(5);
});

test('what the app itself, or its store, does wrong', async () => {
  const full = await app.full('X', await importUser(app, 'X'));
  const get = jest.spyOn(app.store, 'get').mockRejectedValue(new Error('down'));
  expectFailure(await full.get('/mfa/totp/status'), 503, 'UNAVAILABLE');
  expectFailure(await full.get('/private'), 503, 'UNAVAILABLE');
  get.mockRestore();
  // What a host puts where its user id belongs.
  const visitor = app.browser();
  await visitor.post('/session', { userId: { not: 'an id' } });
  expectFailure(await visitor.get('/private'), 500, 'INTERNAL');
  expectFailure(await visitor.get('/mfa/totp/status'), 500, 'INTERNAL');
  expect(app.errors).toMatchObject([
    { code: 'store_unavailable' },
    { name: 'TypeError' },
    { name: 'TypeError' },
  ]);
});
