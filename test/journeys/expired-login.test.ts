import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import type { TestAuthenticator } from 'express-mfa/testing';
import type { Response } from 'supertest';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectRefusal } from '../app/expect-refusal.ts';
import { holdNext } from '../app/hold-store.ts';
import { codeAt, importUser, wrongCode } from '../app/imported-user.ts';
import { watchAnswers } from '../app/watch-answers.ts';

let app: TestApp;
const answers = watchAnswers();
beforeAll(async () => {
  app = await createTestApp({ before: answers.watch, session: { rolling: true, resave: true } });
});
afterEach(() => {
  answers.check();
  expect(app.errors).toEqual([]);
  jest.restoreAllMocks();
});
afterAll(() => app.close());

async function user(name: string): Promise<TestAuthenticator> {
  const authenticator = await importUser(app, name);
  app.clock.nextStep();
  return authenticator;
}

/** As `expectRefusal`, in an app that renews its cookie with every answer. */
function expectRefused(response: Response, errorType: string) {
  expect({ status: response.status, type: response.body.error_type }).toEqual({
    status: 401,
    type: errorType,
  });
}

test('RP-11 a pending login ends after ten minutes, however busily its session is kept alive', async () => {
  const authenticator = await user('A');
  const browser = await app.pending('A');
  const expires = new Date(app.clock.now() + 600_000).toISOString();

  for (let minute = 0; minute < 10; minute++) {
    const polled = await browser.get('/mfa/totp/status');
    expectRefused(polled, 'MFA_REQUIRED');
    expect(polled.body.data).toEqual({ methods: ['totp'], expires_at: expires });
    expect((await browser.get('/pending')).body.pending.expiresAt).toBe(Date.parse(expires));
    await browser.post('/session', { visits: minute });
    app.clock.move(60_000);
  }
  const state = await app.rawState('A');
  expectRefused(await browser.get('/mfa/totp/status'), 'UNAUTHENTICATED');
  expect((await browser.get('/pending')).body).toEqual({ pending: null });
  for (const path of ['/private', '/lenient']) expectRefused(await browser.get(path), 'UNAUTHENTICATED');

  const late = await browser.post('/mfa/totp/verify', { code: codeAt(app, authenticator) });
  expectRefusal(late, 401, 'NO_PENDING_LOGIN');
  expect(late.body.message).toBe('There is no pending verification session.');
  expect((await browser.get('/whoami')).body).toEqual({ userId: null });
  expect(await app.rawState('A')).toBe(state);
  // The code was not looked at: after a new first step it is accepted.
  await browser.post('/login', { user: 'A', password: 'password of A' });
  const again = await browser.post('/mfa/totp/verify', { code: codeAt(app, authenticator) });
  expect(again.status).toBe(200);
});

test.each([
  ['just before its ten minutes are over', 599_999, 200],
  ['when they are over', 600_000, 401],
  ['a day later', 86_400_000, 401],
  ['on a machine whose clock is a minute behind', -60_000, 200],
  ['on a machine whose clock is further behind', -60_001, 401],
])('RP-11 a pending login %s', async (title, ms, status) => {
  const authenticator = await user(title);
  app.clock.nextStep(3);
  const browser = await app.pending(title);
  const state = await app.rawState(title);
  app.clock.move(ms);
  const response = await browser.post('/mfa/totp/verify', { code: codeAt(app, authenticator) });
  if (status === 200) expect(response.status).toBe(200);
  else {
    expectRefusal(response, 401, 'NO_PENDING_LOGIN');
    expect(await app.rawState(title)).toBe(state);
  }
  app.clock.move(Math.max(0, -ms));
});

test('RP-11 wrong codes and malformed ones do not lengthen it', async () => {
  const authenticator = await user('B');
  const browser = await app.pending('B');
  const started = (await app.sessionOf(browser)).mfa;
  for (let attempt = 0; attempt < 4; attempt++) {
    const code = wrongCode(app, authenticator);
    expectRefused(await browser.post('/mfa/totp/verify', { code }), 'INVALID_CODE');
    expect((await browser.post('/mfa/totp/verify', { code: 'x', startedAt: app.clock.now() })).status).toBe(
      400,
    );
    app.clock.move(150_000);
  }
  expect((await app.sessionOf(browser)).mfa).toEqual(started);
  const state = await app.rawState('B');
  const code = codeAt(app, authenticator);
  expectRefusal(await browser.post('/mfa/totp/verify', { code }), 401, 'NO_PENDING_LOGIN');
  expect(await app.rawState('B')).toBe(state);
});

test('RP-11 a login that ends while its code is being checked is not completed', async () => {
  const authenticator = await user('C');
  const browser = await app.pending('C');
  app.clock.move(599_999);
  const code = codeAt(app, authenticator);
  const state = await app.rawState('C');
  const held = holdNext(app.store, 'get');
  const verified = browser.post('/mfa/totp/verify', { code });
  await held.arrived;
  app.clock.move(1);
  held.release();
  expectRefusal(await verified, 401, 'NO_PENDING_LOGIN');
  expect(await app.rawState('C')).toBe(state);
});
