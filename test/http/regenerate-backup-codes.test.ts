import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { TestAuthenticator } from 'express-mfa/testing';
import type { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectRefusal } from '../app/expect-refusal.ts';
import { holdNext } from '../app/hold-store.ts';
import { codeAt, importUser } from '../app/imported-user.ts';
import { watchAnswers } from '../app/watch-answers.ts';

const path = '/mfa/totp/regenerate-backup-codes';
let app: TestApp;
const answers = watchAnswers();
beforeAll(async () => {
  app = await createTestApp({ before: answers.watch });
});
afterEach(() => {
  jest.restoreAllMocks();
  answers.check();
  expect(app.errors).toEqual([]);
});
afterAll(() => app.close());

/** An authenticator without backup codes, in a session that has just proven it. */
async function fullUser(user: string) {
  const authenticator = await importUser(app, user);
  const browser = await app.full(user, authenticator);
  app.clock.nextStep();
  return { authenticator, browser, password: `password of ${user}` };
}

describe('new backup codes need what disabling needs', () => {
  test('RE-06 after five minutes the password alone is not enough', async () => {
    const { browser, password } = await fullUser('stale');
    app.clock.move(300_000 - 30_000);
    const [state, session] = [await app.rawState('stale'), await app.sessionOf(browser)];
    for (const body of [{}, { password }, { password: 'wrong' }]) {
      const refused = await browser.post(path, body);
      expectRefusal(refused, 401, 'MFA_REQUIRED');
      expect(refused.body.data).toEqual({ methods: ['totp'] });
    }
    expect(await app.rawState('stale')).toBe(state);
    expect(await app.sessionOf(browser)).toEqual(session);
  });

  test('RE-06 a session in which nothing was proven makes none by its password', async () => {
    await importUser(app, 'unproven');
    const state = await app.rawState('unproven');
    const browser = app.browser();
    await browser.post('/forgetful-login', { user: 'unproven' });
    expectRefusal(await browser.post(path, { password: 'password of unproven' }), 401, 'MFA_REQUIRED');
    expectRefusal(await app.browser().post(path, {}), 401, 'UNAUTHENTICATED');
    expect(await app.rawState('unproven')).toBe(state);
  });

  test('RE-06 the code that was just used to log in is refused, though the session is fresh', async () => {
    const authenticator = await importUser(app, 'replayer');
    const code = authenticator.code();
    const browser = await app.pending('replayer');
    expect((await browser.post('/mfa/totp/verify', { code })).status).toBe(200);
    const state = await app.rawState('replayer');
    const refused = await browser.post(path, { password: 'password of replayer', code });
    expectRefusal(refused, 401, 'INVALID_CODE');
    expect(await app.rawState('replayer')).toBe(state);
    expect(app.events.at(-1)).toMatchObject({ name: 'challenge.failed', reason: 'replayed' });
  });

  test("RE-06 another user's code is refused and counted, and stays valid for that one", async () => {
    const { browser, password } = await fullUser('thief');
    const other = await importUser(app, 'owner');
    const state = await app.state('thief');
    const code = codeAt(app, other, 1);
    expectRefusal(await browser.post(path, { password, code }), 401, 'INVALID_CODE');
    expect(await app.state('thief')).toEqual({ ...state, budget: { failures: 1, waitUntil: 0 } });
    expect(await app.mfa.service.verify('owner', { code })).toMatchObject({ ok: true });
  });
});

describe('a new set', () => {
  let authenticator: TestAuthenticator;
  let browser: Browser;
  const password = 'password of owner-of-codes';
  beforeAll(async () => {
    authenticator = await app.enrol('owner-of-codes');
    browser = await app.full('owner-of-codes', authenticator);
  });
  const login = async (code = '') => (await app.pending('owner-of-codes')).post('/mfa/totp/verify', { code });

  test('RE-06 replaces the old one, is told once, and ends nothing that was proven', async () => {
    const before = await app.state('owner-of-codes');
    const made = await browser.post(path, { password });
    expect([made.status, made.body.message]).toEqual([200, 'Backup codes regenerated']);
    const shown: string[] = made.body.data.backup_codes;
    expect(new Set([...shown, ...authenticator.backupCodes]).size).toBe(20);
    expect(app.events.at(-1)).toMatchObject({ name: 'backup_codes.regenerated', userId: 'owner-of-codes' });

    const { epoch, authenticators, backupCodes } = await app.state('owner-of-codes');
    expect([epoch, authenticators]).toEqual([before.epoch, before.authenticators]);
    expect(backupCodes).toHaveLength(10);
    expect(JSON.stringify(backupCodes)).not.toMatch(new RegExp(shown.join('|')));
    expect((await browser.get('/sensitive')).status).toBe(200);
    expectRefusal(await login(authenticator.backupCodes[0]), 401, 'INVALID_CODE');
    expect((await login(shown[0])).body.data.backup_codes_remaining).toBe(9);
  });

  test('RE-06 is made once a minute; a code that comes too soon is not used up', async () => {
    app.clock.nextStep();
    const code = authenticator.code();
    const state = await app.rawState('owner-of-codes');
    for (const [moved, left] of [
      [0, '30'],
      [29_999, '1'],
    ] as const) {
      app.clock.move(moved);
      const refused = await browser.post(path, { password, code });
      expectRefusal(refused, 429, 'TOO_MANY_ATTEMPTS');
      expect([refused.headers['retry-after'], refused.body.data.retry_after]).toEqual([left, Number(left)]);
    }
    expect(await app.rawState('owner-of-codes')).toBe(state);
    app.clock.move(1);
    expect((await browser.post(path, { password, code })).status).toBe(200);
    expectRefusal(await login(code), 401, 'INVALID_CODE');
  });
});

describe('a new set while something else happens', () => {
  test('RE-06 of ten requests at once one is told a set, and it is the stored one', async () => {
    const { browser, password } = await fullUser('ten-at-once');
    const tabs = Array.from({ length: 10 }, () => browser.copy());
    const responses = await Promise.all(tabs.map((tab) => tab.post(path, { password })));
    const [winner] = responses.filter(({ status }) => status === 200);
    for (const response of responses.filter((other) => other !== winner)) {
      expectRefusal(response, 429, 'TOO_MANY_ATTEMPTS');
      expect(response.text).not.toContain('backup_codes');
    }
    expect((await app.state('ten-at-once')).backupCodes).toHaveLength(10);
    for (const code of winner?.body.data.backup_codes ?? []) {
      expect(await app.mfa.service.verify('ten-at-once', { code })).toMatchObject({ ok: true });
    }
    expect((await app.state('ten-at-once')).backupCodes).toEqual([]);
  });

  test('RE-06 an old code that is spent meanwhile does not survive in it', async () => {
    const { backupCodes } = await app.enrol('spender');
    const held = holdNext(app.store, 'put');
    const regenerating = app.mfa.service.regenerateBackupCodes('spender');
    await held.arrived;
    expect(await app.mfa.service.verify('spender', { code: backupCodes[0] ?? '' })).toMatchObject({
      ok: true,
    });
    held.release();
    expect(await regenerating).toMatchObject({ ok: true });
    expect((await app.state('spender')).backupCodes).toHaveLength(10);
    for (const code of backupCodes.slice(0, 2)) {
      expect(await app.mfa.service.verify('spender', { code })).toMatchObject({ errorType: 'INVALID_CODE' });
    }
  });

  test('RE-06 a login by an old code that is written after it is refused, and takes none of it', async () => {
    const { backupCodes } = await app.enrol('too-late');
    const before = (await app.rawState('too-late')) ?? '';
    await app.mfa.service.regenerateBackupCodes('too-late');
    const after = (await app.rawState('too-late')) ?? '';
    await app.writeRawState('too-late', before);
    const pending = await app.pending('too-late');
    const held = holdNext(app.store, 'put');
    const verifying = pending.post('/mfa/totp/verify', { code: backupCodes[0] });
    await held.arrived;
    await app.writeRawState('too-late', after);
    held.release();
    expectRefusal(await verifying, 401, 'INVALID_CODE');
    expect(await app.rawState('too-late')).toBe(after);
  });

  test('RE-06 it does not bring back what is disabled meanwhile', async () => {
    const { browser, password } = await fullUser('disabled');
    const held = holdNext(app.store, 'put');
    const regenerating = browser.post(path, { password });
    await held.arrived;
    await app.mfa.service.disable('disabled');
    const state = await app.rawState('disabled');
    held.release();
    expectRefusal(await regenerating, 400, 'NOT_ENROLLED');
    expect(await app.rawState('disabled')).toBe(state);
  });
});
