import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import express, { type Express, type Request } from 'express';
import { createMfaRouter, type MfaRouter, memoryMfaStore, redisMfaStore } from 'express-mfa';
import type { TestAuthenticator } from 'express-mfa/testing';
import { createTestApp, type TestApp, testKey } from '../app/create-test-app.ts';
import { createTestRedis } from '../app/create-test-redis.ts';
import { expectRefusal } from '../app/expect-refusal.ts';
import { codeAt, importUser } from '../app/imported-user.ts';
import { watchAnswers } from '../app/watch-answers.ts';

declare module 'express-session' {
  interface SessionData {
    adminId: string;
  }
}

let app: TestApp;
let admins: MfaRouter;
let staff: MfaRouter;
let customer7: TestAuthenticator;
let admin7: TestAuthenticator;
let staff7: TestAuthenticator;
let reached = 0;
const redis = createTestRedis();
const prefix = `test:${randomBytes(6).toString('hex')}:`;
const answers = watchAnswers();

beforeAll(async () => {
  await redis.connect();
  app = await createTestApp({
    before: answers.watch,
    mfa: { realm: 'customers', store: redisMfaStore(redis, { prefix }) },
    after(host) {
      // Admins have a field of their own in the session; staff are kept where customers are.
      admins = addRealm(host, 'admins', 'adminId');
      staff = addRealm(host, 'staff', 'userId');
    },
  });
  customer7 = await importUser(app, '7');
  admin7 = await importUser({ mfa: admins, clock: app.clock }, '7');
  staff7 = await importUser({ mfa: staff, clock: app.clock }, '7');
});
afterEach(() => {
  answers.check();
  expect(app.errors).toEqual([]);
  app.clock.nextStep();
  reached = 0;
});
afterAll(async () => {
  await app.close();
  redis.destroy();
});

function addRealm(host: Express, realm: string, field: 'adminId' | 'userId'): MfaRouter {
  const mfa = createMfaRouter({
    issuer: 'Acme',
    keys: [testKey],
    realm,
    path: `/${realm}-mfa`,
    store: redisMfaStore(redis, { prefix }),
    currentUserId: (req: Request) => req.session[field],
    logIn(req, userId) {
      req.session[field] = String(userId);
    },
    accountName: String,
    now: () => app.clock.now(),
  });
  host.use(`/${realm}-mfa`, mfa);
  host.post(`/${realm}-login`, express.json(), async (req, res) => {
    res.json(await mfa.startLogin(req, req.body.user));
  });
  host.get(`/private-${realm}`, mfa.requireMfa(), (_req, res) => {
    reached++;
    res.json({ reached: true });
  });
  return mfa;
}

const accounts = () =>
  Promise.all(['customers:7', 'admins:7', 'staff:7'].map((key) => redis.get(`${prefix}${key}`)));

test('PS-14 a full login of one realm is nothing to the others', async () => {
  const browser = await app.full('7', customer7);
  expect((await browser.get('/private')).status).toBe(200);
  app.clock.nextStep();
  const before = await accounts();

  expectRefusal(await browser.get('/private-admins'), 401, 'UNAUTHENTICATED');
  expectRefusal(await browser.get('/admins-mfa/totp/status'), 401, 'UNAUTHENTICATED');
  for (const authenticator of [customer7, admin7]) {
    const code = codeAt(app, authenticator);
    expectRefusal(await browser.post('/admins-mfa/totp/verify', { code }), 401, 'NO_PENDING_LOGIN');
    expectRefusal(await browser.delete('/admins-mfa/totp/disable', { code }), 401, 'UNAUTHENTICATED');
  }
  // Where both keep their user in the same field, customer 7 is taken for staff 7: who has proven nothing.
  expectRefusal(await browser.get('/private-staff'), 401, 'MFA_REQUIRED');
  expectRefusal(await browser.delete('/staff-mfa/totp/disable', {}), 401, 'MFA_REQUIRED');
  expect(await accounts()).toEqual(before);
  const code = codeAt(app, customer7);
  expectRefusal(await browser.post('/staff-mfa/totp/verify', { code }), 401, 'INVALID_CODE');
  expect((await accounts()).slice(0, 2)).toEqual(before.slice(0, 2));
  expect(reached).toBe(0);
});

test('PS-14 a pending login of one realm can be completed in no other', async () => {
  const browser = await app.pending('7');
  const before = await accounts();
  for (const realm of ['admins', 'staff']) {
    expectRefusal(await browser.get(`/private-${realm}`), 401, 'UNAUTHENTICATED');
    for (const authenticator of [customer7, admin7, staff7]) {
      const code = codeAt(app, authenticator);
      expectRefusal(await browser.post(`/${realm}-mfa/totp/verify`, { code }), 401, 'NO_PENDING_LOGIN');
    }
  }
  expect(await accounts()).toEqual(before);
  expect(reached).toBe(0);
  expect((await browser.post('/mfa/totp/verify', { code: customer7.code() })).status).toBe(200);
});

test('PS-14 a first step in one realm leaves nothing of a login in another', async () => {
  const browser = await app.full('7', customer7);
  expect((await browser.post('/admins-login', { user: '7' })).body.status).toBe('mfa_required');
  expectRefusal(await browser.get('/private'), 401, 'UNAUTHENTICATED');
  expectRefusal(await browser.get('/private-admins'), 401, 'MFA_REQUIRED');
  app.clock.nextStep();
  const code = codeAt(app, customer7);
  expectRefusal(await browser.post('/admins-mfa/totp/verify', { code }), 401, 'INVALID_CODE');
  expectRefusal(await browser.post('/mfa/totp/verify', { code }), 401, 'NO_PENDING_LOGIN');

  expect((await browser.post('/admins-mfa/totp/verify', { code: admin7.code() })).status).toBe(200);
  const { cookie, ...session } = await app.sessionOf(browser);
  expect(Object.keys(session).sort()).toEqual(['adminId', 'mfa:admins']);
  expect((await browser.get('/private-admins')).body).toEqual({ reached: true });
  expectRefusal(await browser.get('/private'), 401, 'UNAUTHENTICATED');
});

test('PS-14 an account of one realm that is copied over that of another opens for nobody', async () => {
  const [customer, admin] = await accounts();
  await redis.set(`${prefix}admins:7`, customer ?? '');
  const browser = app.browser();
  await browser.post('/admins-login', { user: '7' });
  const verified = await browser.post('/admins-mfa/totp/verify', { code: codeAt(app, customer7) });
  expectRefusal(verified, 503, 'UNAVAILABLE');
  expect(await redis.get(`${prefix}admins:7`)).toBe(customer);
  expect(answers.takeFaults()).toEqual(['POST /admins-mfa/totp/verify: 503']);
  await redis.set(`${prefix}admins:7`, admin ?? '');
});

test('PS-14 no user id of a router without a realm is that of another realm', async () => {
  const plain = await createTestApp({ mfa: { store: redisMfaStore(redis, { prefix }) }, clock: app.clock });
  const before = await accounts();
  for (const user of ['admins:7', ':admins:7', '7']) {
    expect(await plain.mfa.service.status(user)).toMatchObject({ enrolled: false });
    await plain.mfa.service.importTotp(user, admin7.secret, { encoding: 'base32' });
    await plain.mfa.service.deleteUser(user);
  }
  expect(await accounts()).toEqual(before);
  await plain.close();
});

test('PS-14 a second router of the same realm refuses to start', () => {
  const options = {
    issuer: 'Acme',
    keys: [testKey],
    store: memoryMfaStore(),
    currentUserId: () => undefined,
    logIn: () => undefined,
    accountName: String,
  };
  const refusal = expect.objectContaining({
    name: 'MfaConfigError',
    message: expect.stringContaining('its own `realm`'),
  });
  expect(() => createMfaRouter(options)).not.toThrow();
  expect(() => createMfaRouter(options)).toThrow(refusal);
  expect(() => createMfaRouter({ ...options, realm: 'admins' })).not.toThrow();
  expect(() => createMfaRouter({ ...options, realm: 'admins' })).toThrow(refusal);
  expect(() => createMfaRouter({ ...options, realm: 'customers' })).not.toThrow();
});
