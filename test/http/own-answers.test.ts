import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import express, { type Express } from 'express';
import type { MfaRouter } from 'express-mfa';
import type { TestAuthenticator } from 'express-mfa/testing';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { codeAt, importUser, wrongCode } from '../app/imported-user.ts';

/** The host answers everything itself; the library only says what is the case. */
function ownRoutes(app: Express, mfa: MfaRouter): void {
  app.post('/own/second-step', express.json({ strict: false }), (req, res, next) => {
    mfa.finishLogin(req, req.body).then((result) => res.json(result), next);
  });
  app.post('/own/check', express.json(), (req, res, next) => {
    mfa.check(req, req.body).then((result) => res.json(result), next);
  });
}

let app: TestApp;
let authenticator: TestAuthenticator;
beforeAll(async () => {
  app = await createTestApp({
    after: ownRoutes,
    mfa: {
      loginPath: '/sign-in',
      logIn(req, userId, { via, carry }) {
        req.session.userId = userId;
        return { data: { token: `token of ${userId}`, via, carry } };
      },
    },
  });
  authenticator = await importUser(app, 'A');
});
afterEach(() => {
  jest.restoreAllMocks();
  expect(app.errors.splice(0)).toEqual([]);
});
afterAll(() => app.close());

const nextCode = () => {
  app.clock.nextStep();
  return codeAt(app, authenticator);
};
const denial = { ok: false, methods: [] };

test('`finishLogin` completes a login and hands on what `logIn` gave', async () => {
  const browser = app.browser();
  const details = { returnTo: '/account', via: 'link', carry: { remember: true } };
  await browser.post('/login', { user: 'A', password: 'password of A', ...details });
  expect((await browser.get('/pending')).body).toEqual({
    pending: { methods: ['totp'], expiresAt: app.clock.now() + 600_000 },
  });
  const result = await browser.post('/own/second-step', { code: nextCode() });
  expect(result.body).toEqual({
    ok: true,
    userId: 'A',
    method: 'totp',
    backupCodesRemaining: 0,
    failedAttempts: 0,
    data: { token: 'token of A', via: 'link', carry: { remember: true } },
    redirectTo: '/account',
  });
  expect((await browser.get('/whoami')).body).toEqual({ userId: 'A' });
  expect((await browser.get('/pending')).body).toEqual({ pending: null });
  expect((await app.sessionOf(browser)).mfa.amr).toEqual(['link', 'otp', 'mfa']);
});

test('`finishLogin` for somebody who is logged in is a step-up, and does not log in once more', async () => {
  const browser = await app.full('A', { ...authenticator, code: nextCode });
  const { body } = await browser.post('/own/second-step', { code: nextCode() });
  expect([body.ok, body.data, body.redirectTo]).toEqual([true, {}, '/']);
});

test('`finishLogin` refuses as a value, and changes no session', async () => {
  const browser = await app.pending('A');
  const before = await app.sessionOf(browser);
  const refused = async (body: object | string) =>
    (await browser.post('/own/second-step', body, { 'Content-Type': 'application/json' })).body;
  expect(await refused({ code: wrongCode(app, authenticator) })).toEqual({
    ok: false,
    status: 401,
    errorType: 'INVALID_CODE',
  });
  const invalid = { ok: false, status: 400, errorType: 'VALIDATION_ERROR' };
  for (const body of [{ code: 123456 }, { code: ['123456'] }, {}, 'null', '7', '"x"']) {
    expect(await refused(body)).toEqual(invalid);
  }
  expect((await browser.post('/own/second-step')).body).toEqual(invalid);
  for (let time = 1; time < 5; time++) await refused({ code: wrongCode(app, authenticator) });
  expect(await refused({ code: wrongCode(app, authenticator) })).toEqual({
    ok: false,
    status: 429,
    errorType: 'TOO_MANY_ATTEMPTS',
    retryAfter: 30,
  });
  expect(await app.sessionOf(browser)).toEqual(before);
  await app.mfa.service.unlock('A');
});

test('`finishLogin` without a first step', async () => {
  const browser = app.browser();
  const { body } = await browser.post('/own/second-step', { code: nextCode() });
  expect(body).toEqual({ ok: false, status: 401, errorType: 'NO_PENDING_LOGIN' });
  expect(browser.cookie).toBe('');
});

test('`finishLogin` and `check` say a fault as a value, and grant nothing', async () => {
  const pending = await app.pending('A');
  const full = await app.full('A', { ...authenticator, code: nextCode });
  jest.spyOn(app.store, 'get').mockRejectedValue(new Error('down'));
  expect((await pending.post('/own/second-step', { code: codeAt(app, authenticator, 1) })).body).toEqual({
    ok: false,
    status: 503,
    errorType: 'UNAVAILABLE',
  });
  const checked = await full.post('/own/check', {});
  expect(checked.body).toEqual({ ...denial, status: 503, errorType: 'UNAVAILABLE', redirectTo: '/sign-in' });
  // Of the two the second is told no more: it is the same minute.
  expect(app.errors.splice(0)).toMatchObject([{ code: 'store_unavailable', cause: new Error('down') }]);
});

test('`check` answers as the guard would', async () => {
  const check = async (browser: ReturnType<TestApp['browser']>, options = {}) =>
    (await browser.post('/own/check', options)).body;
  const guest = { ...denial, status: 401, errorType: 'UNAUTHENTICATED', redirectTo: '/sign-in' };
  expect(await check(app.browser())).toEqual(guest);

  const pending = await app.pending('A');
  const challenge = { ...denial, status: 401, errorType: 'MFA_REQUIRED', redirectTo: '/mfa/challenge' };
  expect(await check(pending)).toEqual({
    ...challenge,
    methods: ['totp'],
    expiresAt: app.clock.now() + 600_000,
  });

  const unenrolled = await app.pending('N');
  expect(await check(unenrolled)).toEqual({
    ...denial,
    status: 403,
    errorType: 'MFA_ENROLLMENT_REQUIRED',
    redirectTo: '/mfa/setup',
  });
  expect(await check(unenrolled, { unenrolled: 'allow' })).toEqual({ ok: true, userId: 'N' });

  const full = await app.full('A', { ...authenticator, code: nextCode });
  expect(await check(full, { maxAge: 30_000 })).toEqual({ ok: true, userId: 'A' });
  app.clock.nextStep();
  expect(await check(full, { maxAge: 30_000 })).toEqual({ ...challenge, methods: ['totp'] });
  expect(await check(full)).toEqual({ ok: true, userId: 'A' });
});

test('`logOut({ everywhere })` ends this session and what the others have proven', async () => {
  const [here, there] = [
    await app.full('A', { ...authenticator, code: nextCode }),
    await app.full('A', { ...authenticator, code: nextCode }),
  ];
  await there.copy().post('/log-out');
  expect([await app.sessionOf(there), (await here.get('/private')).status]).toEqual([undefined, 200]);

  const other = await app.full('A', { ...authenticator, code: nextCode });
  await here.post('/log-out', { everywhere: true });
  expect(await app.sessionOf(here)).toBeUndefined();
  expect((await other.get('/private')).body.error_type).toBe('MFA_REQUIRED');
});
