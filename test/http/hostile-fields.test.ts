import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import express from 'express';
import type { TestAuthenticator } from 'express-mfa/testing';
import type { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { codeAt, importUser } from '../app/imported-user.ts';
import { watchAnswers } from '../app/watch-answers.ts';

const answers = watchAnswers();
let app: TestApp;
/** The same app behind a host that parses everything. */
let parsing: TestApp;
let authenticator: TestAuthenticator;
let pending: Browser;
beforeAll(async () => {
  app = await createTestApp({ before: answers.watch });
  parsing = await createTestApp({
    prefix: app.prefix,
    clock: app.clock,
    before(host) {
      answers.watch(host);
      host.use(express.json(), express.urlencoded({ extended: true }));
    },
  });
  authenticator = await importUser(app, 'A');
  pending = await app.pending('A');
  app.clock.nextStep();
});
afterEach(() => {
  jest.restoreAllMocks();
  answers.check();
});
afterAll(async () => {
  await app.close();
  await parsing.close();
});

const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
const json = { 'Content-Type': 'application/json' };
const right = () => codeAt(app, authenticator);

async function expectInvalid(body: string, headers: Record<string, string>) {
  for (const host of [app, parsing]) {
    const browser = host.browser();
    browser.cookie = pending.cookie;
    const before = await app.rawState('A');
    const response = await browser.post('/mfa/totp/verify', body, headers);
    expect([response.status, response.body.error_type]).toEqual([400, 'VALIDATION_ERROR']);
    expect(await app.rawState('A')).toBe(before);
  }
}

test.each([
  ['__proto__ beside a right code', (code: string) => `{"__proto__":{"admin":true},"code":"${code}"}`],
  ['a code by way of __proto__', (code: string) => `{"__proto__":{"code":"${code}"}}`],
  ['constructor', (code: string) => `{"constructor":{"prototype":{"admin":true}},"code":"${code}"}`],
  ['prototype', (code: string) => `{"prototype":{"admin":true},"code":"${code}"}`],
])('IC-06 %s in JSON is refused, and no prototype changes', async (_name, body) => {
  await expectInvalid(body(right()), json);
  expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false);
  expect(Object.hasOwn(Object.prototype, 'code')).toBe(false);
});

test('IC-06 a form cannot change a prototype nor send a code by one', async () => {
  await expectInvalid(`__proto__[code]=${right()}`, form);
  await expectInvalid(`constructor[prototype][code]=${right()}`, form);
  expect(Object.hasOwn(Object.prototype, 'code')).toBe(false);
});

test('IC-06 what every object inherits is no field: a polluted prototype lends nobody a code', async () => {
  Object.defineProperty(Object.prototype, 'code', { value: right(), writable: true, configurable: true });
  try {
    await expectInvalid('{}', json);
  } finally {
    Reflect.deleteProperty(Object.prototype, 'code');
  }
});

test.each(['{"$ne":null}', '{"$gt":""}', '{"$regex":".*"}', '{"$where":"1"}'])(
  'IC-07 the operator %s as code or password is refused',
  async (operator) => {
    await expectInvalid(`{"code":${operator}}`, json);
    await expectInvalid(`{"code":"${right()}","password":${operator}}`, json);
    await expectInvalid(`code[$ne]=${right()}`, form);
  },
);

test('IC-07 no operator reaches the store by any other field: it is asked for strings only', async () => {
  const get = jest.spyOn(app.store, 'get');
  const put = jest.spyOn(app.store, 'put');
  const browser = pending.copy();
  const fields = { userId: { $gt: '' }, user: { $ne: null }, pendingUserId: { $gt: '' }, _id: ['x'] };
  const query = 'userId[$gt]=&user[$ne]=1&id[$regex]=.*';
  await browser.post(`/mfa/totp/verify?${query}`, { ...fields, code: '000000' });
  await browser.get(`/mfa/totp/status?${query}`);
  await browser.get(`/private?${query}`);
  expect(get.mock.calls.length).toBeGreaterThan(2);
  expect(new Set(get.mock.calls.map(([key]) => key))).toEqual(new Set(['A']));
  for (const [key, next] of put.mock.calls) {
    expect(key).toBe('A');
    expect([typeof next.version, typeof next.data]).toEqual(['string', 'string']);
  }
});

test('IC-07 an object as a user id is refused by startLogin before anything is asked', async () => {
  const host = await createTestApp();
  const get = jest.spyOn(host.store, 'get');
  const browser = host.browser();
  for (const id of [{ $gt: '' }, ['A'], null, true, '', 1.5]) {
    const response = await browser.post('/login', { user: 'A', password: 'password of A', id });
    expect([response.status, response.body.error]).toEqual([500, 'TypeError']);
    expect(browser.cookie).toBe('');
  }
  expect(get).not.toHaveBeenCalled();
  await host.close();
});

test('IC-07 a numeric id is stored as text and comes back as the number it was', async () => {
  const seven = await importUser(app, '7');
  app.clock.nextStep();
  const get = jest.spyOn(app.store, 'get');
  const browser = app.browser();
  await browser.post('/login', { user: 7, password: 'password of 7' });
  const verified = await browser.post('/mfa/totp/verify', { code: codeAt(app, seven) });
  expect(verified.body.data.user_id).toBe(7);
  expect((await browser.get('/private')).body).toEqual({ reached: true, userId: 7 });
  expect(new Set(get.mock.calls.map(([key]) => key))).toEqual(new Set(['7']));
});

test('IC-12 a code in the URL is ignored and never echoed', async () => {
  const code = right();
  for (const query of [`code=${code}`, `code[]=${code}`, `code=${code}&password=password+of+A`]) {
    const before = await app.rawState('A');
    const verify = await pending.copy().post(`/mfa/totp/verify?${query}`, {});
    expect([verify.status, verify.body.error_type]).toEqual([400, 'VALIDATION_ERROR']);
    const status = await pending.copy().get(`/mfa/totp/status?${query}`);
    expect(status.status).toBe(401);
    for (const { headers, text } of [verify, status]) {
      expect(JSON.stringify([headers, text])).not.toContain(code);
    }
    expect(await app.rawState('A')).toBe(before);
  }
});

test('IC-12 a wrong code, password or field is never echoed in the answer', async () => {
  const marker = 'x"<script>marker';
  for (const body of [
    { code: marker },
    { code: '123456', is_backup_code: [marker] },
    { [marker]: marker },
    `{"code":"${'marker'.repeat(500)}"}`,
    '{"marker',
  ]) {
    const response = await pending.copy().post('/mfa/totp/verify', body, json);
    expect([400, 413]).toContain(response.status);
    expect(response.text).not.toContain('marker');
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
  }
});
