import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Response } from 'supertest';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { codeAt, importUser } from '../app/imported-user.ts';
import { ownTime } from '../app/own-time.ts';
import { loggedInSessions } from '../app/stored-sessions.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterEach(() => void jest.restoreAllMocks());
afterAll(() => app.close());

/** The next `put` is done, and answers, only when the test lets it: long after the deadline. */
function slowPut() {
  const gate = new EventTarget();
  const released = once(gate, 'released');
  const done = once(gate, 'done');
  const put = app.store.put.bind(app.store);
  jest.spyOn(app.store, 'put').mockImplementationOnce(async (...call) => {
    await released;
    const written = await put(...call);
    gate.dispatchEvent(new Event('done'));
    return written;
  });
  return async () => {
    gate.dispatchEvent(new Event('released'));
    await done;
    // Whatever would follow upon the late answer has had its turn.
    await app.redis.ping();
    await new Promise((resolve) => setImmediate(resolve));
  };
}

async function expectUnavailableInTime(send: () => Promise<Response>): Promise<void> {
  const began = ownTime();
  const response = await send();
  const took = ownTime() - began;
  expect(response.status).toBe(503);
  expect(response.body.error_type).toBe('UNAVAILABLE');
  expect(response.headers['set-cookie']).toBeUndefined();
  expect(took).toBeGreaterThan(1_500);
  expect(took).toBeLessThan(2_500);
}

const unknownPut = (userId: string, intended: string) =>
  expect.objectContaining({ name: 'store.unavailable', userId, operation: 'put', intended });

describe('a write that is done after the answer was given', () => {
  test('SF-04 has used the code up and grants nothing', async () => {
    const authenticator = await importUser(app, 'verifies');
    const browser = await app.pending('verifies');
    const code = authenticator.code();
    const before = await app.state('verifies');
    const finish = slowPut();
    await expectUnavailableInTime(() => browser.post('/mfa/totp/verify', { code }));
    expect(await app.state('verifies')).toEqual(before);
    const set = jest.spyOn(app.sessions, 'set');
    const events = app.events.length;
    await finish();

    const after = await app.state('verifies');
    expect(after.authenticators[0].lastStep).toBe(before.authenticators[0].lastStep + 1);
    expect(after.used).toHaveLength(1);
    expect(set).not.toHaveBeenCalled();
    expect(app.events.slice(events)).toEqual([]);
    expect(app.events.at(-1)).toEqual(unknownPut('verifies', 'complete login'));
    expect(await loggedInSessions(app, 'verifies')).toBe(0);
    expect((await browser.get('/private')).status).toBe(401);
    expect((await browser.post('/mfa/totp/verify', { code })).body.error_type).toBe('NO_PENDING_LOGIN');
    const afresh = await app.pending('verifies');
    expect((await afresh.post('/mfa/totp/verify', { code })).body.error_type).toBe('INVALID_CODE');
  });

  test('SF-04 has disabled the second step, and ended every session that had proven it', async () => {
    const browser = await app.full('disables', await importUser(app, 'disables'));
    const finish = slowPut();
    const password = 'password of disables';
    await expectUnavailableInTime(() => browser.delete('/mfa/totp/disable', { password }));
    expect((await browser.get('/lenient')).status).toBe(200);
    await finish();
    expect(await app.state('disables')).toHaveProperty('authenticators', []);
    expect((await browser.get('/lenient')).status).toBe(401);
    expect(app.events.at(-1)).toEqual(unknownPut('disables', 'disable'));
  });

  test('SF-04 has enrolled, and proven nothing in the session', async () => {
    const browser = await app.pending('enrols');
    const started = await browser.post('/mfa/totp/enroll', {});
    const finish = slowPut();
    const code = codeAt(app, started.body.data);
    const response = await browser.post('/mfa/totp/verify-enrollment', { code });
    expect(response.status).toBe(503);
    await finish();
    expect((await app.state('enrols')).backupCodes).toHaveLength(10);
    expect((await browser.get('/private')).body.error_type).toBe('MFA_REQUIRED');
    // What was shown is what is stored: the user gets in with it.
    const afresh = await app.pending('enrols');
    const [backupCode] = started.body.data.backup_codes;
    expect((await afresh.post('/mfa/totp/verify', { code: backupCode })).status).toBe(200);
  });

  test('SF-04 loses against what was written meanwhile', async () => {
    const authenticator = await importUser(app, 'is reset');
    const browser = await app.pending('is reset');
    const finish = slowPut();
    await expectUnavailableInTime(() => browser.post('/mfa/totp/verify', { code: authenticator.code() }));
    await app.mfa.service.reset('is reset');
    const state = await app.rawState('is reset');
    await finish();
    expect(await app.rawState('is reset')).toBe(state);
  });
});
