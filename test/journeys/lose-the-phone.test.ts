import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { TestAuthenticator } from 'express-mfa/testing';
import type { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectRefusal } from '../app/expect-refusal.ts';
import { codeAt, wrongCode } from '../app/imported-user.ts';
import { watchAnswers } from '../app/watch-answers.ts';

// One person through the whole file: enrolling and each backup code take processor time.
let app: TestApp;
let lost: TestAuthenticator;
let unused: string[];
const answers = watchAnswers();
beforeAll(async () => {
  app = await createTestApp({ before: answers.watch });
  lost = await app.enrol('A');
  unused = [...lost.backupCodes];
});
beforeEach(() => app.clock.nextStep(2));
afterEach(() => {
  answers.check();
  expect(app.errors.splice(0)).toEqual([]);
});
afterAll(() => app.close());

const verify = (browser: Browser, code: string) => browser.post('/mfa/totp/verify', { code });
const takeBackupCode = () => unused.shift() ?? '';

async function withBackupCode(): Promise<Browser> {
  const browser = await app.pending('A');
  expect((await verify(browser, takeBackupCode())).status).toBe(200);
  return browser;
}

/** Nobody is shown a new secret, and nothing is changed. */
async function expectNoEnrolment(browser: Browser, status: number, errorType: string): Promise<void> {
  const state = await app.rawState('A');
  for (const body of [{}, { password: 'password of A' }]) {
    const response = await browser.post('/mfa/totp/enroll', body);
    expectRefusal(response, status, errorType);
    expect(response.text).not.toMatch(/otpauth|"secret"|[A-Z2-7]{32}/);
  }
  expect(await app.rawState('A')).toBe(state);
}

test('BF-18 after 100 wrong codes the login is two-step, the right code is refused, and nobody enrols anew', async () => {
  const elsewhere = await app.full('A', lost);
  while ((await app.state('A')).budget.failures < 100) {
    await app.mfa.service.verify('A', { code: wrongCode(app, lost) });
    app.clock.move(3_600_000);
  }
  const login = await app.browser().post('/login', { user: 'A', password: 'password of A' });
  expect(login.body).toMatchObject({ status: 'mfa_required' });

  const pending = await app.pending('A');
  const state = await app.rawState('A');
  expectRefusal(await verify(pending, codeAt(app, lost)), 401, 'INVALID_CODE');
  expectRefusal(await pending.get('/private'), 401, 'MFA_REQUIRED');
  expect(await app.rawState('A')).toBe(state);

  await expectNoEnrolment(pending, 401, 'MFA_REQUIRED');
  // Not in a session that proved the second step long ago either, nor in one of a forgotten login path.
  await expectNoEnrolment(elsewhere, 409, 'CONFLICT');
  const forgetful = app.browser();
  await forgetful.post('/forgetful-login', { user: 'A' });
  await expectNoEnrolment(forgetful, 409, 'CONFLICT');
});

test('BF-18 a backup code opens the account, brings the authenticator back and allows a new one', async () => {
  const browser = await withBackupCode();
  expect((await app.state('A')).budget).toEqual({ failures: 0, waitUntil: 0 });
  expect((await browser.get('/private')).status).toBe(200);
  expect((await browser.post('/mfa/totp/enroll', {})).status).toBe(201);
  // The old one is in force until the new one is confirmed.
  expect((await verify(await app.pending('A'), codeAt(app, lost))).status).toBe(200);
});

test('BF-18 a backup code allows a new authenticator in its own session, for five minutes', async () => {
  const browser = await withBackupCode();
  app.clock.move(299_999);
  expect((await browser.post('/mfa/totp/enroll', { password: 'password of A' })).status).toBe(201);

  await expectNoEnrolment(await app.full('A', lost), 409, 'CONFLICT');
  app.clock.move(1);
  await expectNoEnrolment(browser, 409, 'CONFLICT');
});

test('BF-18 a step-up with a backup code allows it as well, one with the authenticator does not', async () => {
  const browser = await app.full('A', lost);
  app.clock.nextStep();
  expect((await verify(browser, codeAt(app, lost))).status).toBe(200);
  await expectNoEnrolment(browser, 409, 'CONFLICT');

  expect((await verify(browser, takeBackupCode())).status).toBe(200);
  expect((await browser.post('/mfa/totp/enroll', { password: 'password of A' })).status).toBe(201);
});

test('BF-18 a backup code that proved something to another account allows nothing here', async () => {
  const browser = await withBackupCode();
  await browser.post('/session', { userId: 'B' });
  await app.mfa.service.importTotp('B', lost.secret, { encoding: 'base32' });
  const state = await app.rawState('B');
  expectRefusal(await browser.post('/mfa/totp/enroll', { password: 'password of B' }), 409, 'CONFLICT');
  expect(await app.rawState('B')).toBe(state);
});

test('a security change elsewhere ends the right to a new authenticator, and an enrolment under way', async () => {
  const [idle, enrolling] = [await withBackupCode(), await withBackupCode()];
  const started = await enrolling.post('/mfa/totp/enroll', {});
  expect(started.status).toBe(201);
  await app.mfa.service.endSessions('A');

  await expectNoEnrolment(idle, 409, 'CONFLICT');
  const state = await app.rawState('A');
  const code = codeAt(app, started.body.data);
  expectRefusal(await enrolling.post('/mfa/totp/verify-enrollment', { code }), 409, 'NO_PENDING_ENROLLMENT');
  expect(await app.rawState('A')).toBe(state);
});

test('a new phone is set up over the lost one, and nothing of the old one is worth anything', async () => {
  const stolen = await app.full('A', lost);
  app.clock.nextStep();
  const browser = await withBackupCode();
  const { epoch } = await app.state('A');
  const started = await browser.post('/mfa/totp/enroll', {});
  const { secret, backup_codes: newCodes } = started.body.data;
  expect(secret).not.toBe(lost.secret);

  app.events.splice(0);
  const code = codeAt(app, { secret });
  const confirmed = await browser.post('/mfa/totp/verify-enrollment', { code });
  expect(confirmed.status).toBe(200);
  expect(app.events.map(({ name }) => name)).toEqual(['enrollment.confirmed']);
  const state = await app.state('A');
  expect(state.epoch).not.toBe(epoch);
  expect(state.backupCodes).toHaveLength(10);
  expect((await browser.get('/private')).status).toBe(200);

  // Whoever has the phone has no session, no code, and none of the codes that were printed.
  expectRefusal(await stolen.get('/private'), 401, 'MFA_REQUIRED');
  app.clock.nextStep(2);
  const thief = await app.pending('A');
  for (const old of [codeAt(app, lost), takeBackupCode()]) {
    expectRefusal(await verify(thief, old), 401, 'INVALID_CODE');
  }
  expect((await app.state('A')).budget.failures).toBe(2);

  for (const fresh of [codeAt(app, { secret }), newCodes[0]]) {
    expect((await verify(await app.pending('A'), fresh)).status).toBe(200);
  }
});
