import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { TestAuthenticator } from 'express-mfa/testing';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectRefusal } from '../app/expect-refusal.ts';
import { codeAt, importUser } from '../app/imported-user.ts';
import { watchAnswers } from '../app/watch-answers.ts';

let app: TestApp;
const answers = watchAnswers();
beforeAll(async () => {
  app = await createTestApp({ before: answers.watch });
});
afterEach(() => {
  answers.check();
  expect(app.errors).toEqual([]);
});
afterAll(() => app.close());

async function user(name: string): Promise<TestAuthenticator> {
  const authenticator = await importUser(app, name);
  app.clock.nextStep(2);
  return authenticator;
}

/** Tries the code for everything that a code can be used for: all of it refuses, and nothing changes. */
async function expectSpentForEverything(name: string, code: string, authenticator: TestAuthenticator) {
  const pending = await app.pending(name);
  // Logged in with both steps, by another code than the one in question.
  const full = await app.pending(name);
  app.clock.nextStep();
  const newer = await full.post('/mfa/totp/verify', { code: codeAt(app, authenticator) });
  expect(newer.status).toBe(200);
  const state = await app.rawState(name);
  const session = await app.sessionOf(full);
  const body = { password: `password of ${name}`, code };
  app.events.length = 0;

  for (const response of [
    await pending.post('/mfa/totp/verify', { code }),
    await full.post('/mfa/totp/verify', { code }),
    await full.delete('/mfa/totp/disable', body),
    await full.post('/mfa/totp/disable', body),
    await full.post('/mfa/totp/regenerate-backup-codes', body),
  ]) {
    expectRefusal(response, 401, 'INVALID_CODE');
  }
  const { service } = app.mfa;
  const refused = { ok: false, errorType: 'INVALID_CODE' };
  expect(await service.verify(name, { code })).toEqual(refused);
  expect(await service.disable(name, { code })).toEqual(refused);
  expect(await service.regenerateBackupCodes(name, { code })).toEqual(refused);
  expect(app.events.map((event) => 'reason' in event && event.reason)).toEqual(Array(8).fill('replayed'));

  expect(await app.rawState(name)).toBe(state);
  expect(await app.sessionOf(full)).toEqual(session);
  expect((await full.get('/private')).status).toBe(200);
  expectRefusal(await pending.get('/private'), 401, 'MFA_REQUIRED');
}

test('RP-08 the code of a login is good for nothing else', async () => {
  const authenticator = await user('A');
  const code = codeAt(app, authenticator);
  const browser = await app.pending('A');
  expect((await browser.post('/mfa/totp/verify', { code })).status).toBe(200);
  // The very browser that used it: its proof is fresh, but a code that is sent is checked all the same.
  const body = { password: 'password of A', code };
  const state = await app.rawState('A');
  expectRefusal(await browser.post('/mfa/totp/verify', { code }), 401, 'INVALID_CODE');
  expectRefusal(await browser.delete('/mfa/totp/disable', body), 401, 'INVALID_CODE');
  expectRefusal(await browser.post('/mfa/totp/regenerate-backup-codes', body), 401, 'INVALID_CODE');
  expect(await app.rawState('A')).toBe(state);
  await expectSpentForEverything('A', code, authenticator);
});

test('RP-08 the code of a step-up is good for nothing else', async () => {
  const authenticator = await user('B');
  const browser = await app.full('B', authenticator);
  app.clock.nextStep();
  const code = codeAt(app, authenticator);
  expect((await browser.post('/mfa/totp/verify', { code })).status).toBe(200);
  await expectSpentForEverything('B', code, authenticator);
});

test('RP-08 the code that came with new backup codes is good for nothing else', async () => {
  const authenticator = await user('C');
  const browser = await app.full('C', authenticator);
  app.clock.nextStep(20);
  const code = codeAt(app, authenticator);
  const body = { password: 'password of C', code };
  const made = await browser.post('/mfa/totp/regenerate-backup-codes', body);
  expect(made.body.data.backup_codes).toHaveLength(10);
  const pending = await app.pending('C');
  const state = await app.rawState('C');

  expectRefusal(await pending.post('/mfa/totp/verify', { code }), 401, 'INVALID_CODE');
  expectRefusal(await browser.post('/mfa/totp/verify', { code }), 401, 'INVALID_CODE');
  expectRefusal(await browser.delete('/mfa/totp/disable', body), 401, 'INVALID_CODE');
  expect(await app.rawState('C')).toBe(state);
});

test('RP-08 nor is one that was checked from code', async () => {
  const authenticator = await user('D');
  const code = codeAt(app, authenticator);
  expect(await app.mfa.service.verify('D', { code })).toMatchObject({ ok: true, method: 'totp' });
  await expectSpentForEverything('D', code, authenticator);
});

test('RP-08 a second step is not disabled by the code of the login, but by the next one', async () => {
  const authenticator = await user('E');
  const code = codeAt(app, authenticator);
  const browser = await app.pending('E');
  await browser.post('/mfa/totp/verify', { code });
  const body = { password: 'password of E', code };
  expectRefusal(await browser.delete('/mfa/totp/disable', body), 401, 'INVALID_CODE');
  expect((await app.state('E')).authenticators).toHaveLength(1);
  const ahead = { ...body, code: codeAt(app, authenticator, 1) };
  expect((await browser.delete('/mfa/totp/disable', ahead)).status).toBe(200);
  expect((await app.state('E')).authenticators).toEqual([]);
  expectRefusal(await browser.delete('/mfa/totp/disable', ahead), 400, 'NOT_ENROLLED');
});
