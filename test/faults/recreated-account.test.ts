import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { holdNext } from '../app/hold-store.ts';
import { codeAt, importUser, wrongCode } from '../app/imported-user.ts';
import { loggedInSessions } from '../app/stored-sessions.ts';
import { watchAnswers } from '../app/watch-answers.ts';

const answers = watchAnswers();
let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ before: answers.watch });
});
afterEach(() => {
  jest.restoreAllMocks();
  answers.check();
});
afterAll(() => app.close());

async function recreate(user: string) {
  await app.mfa.service.deleteUser(user);
  return importUser(app, user);
}

describe('between the read and the write of a flow, the account is deleted and made anew', () => {
  test.each([
    ['get', 'a right code'],
    ['put', 'a right code'],
    ['get', 'a wrong code'],
    ['put', 'a wrong code'],
  ] as const)('SF-19 held at its %s, %s changes nothing of the new one', async (operation, which) => {
    const user = `${operation} ${which}`;
    const old = await importUser(app, user);
    const browser = await app.pending(user);
    const code = which === 'a right code' ? old.code() : wrongCode(app, old);
    const held = holdNext(app.store, operation);
    const verifying = browser.post('/mfa/totp/verify', { code });
    await held.arrived;
    await recreate(user);
    const state = await app.rawState(user);
    held.release();

    const response = await verifying;
    expect(response.status).toBe(401);
    expect(response.body.error_type).toBe('NO_PENDING_LOGIN');
    expect(await app.rawState(user)).toBe(state);
    expect(await loggedInSessions(app, user)).toBe(0);
  });

  test('SF-19 disabling takes nothing from the new one', async () => {
    const browser = await app.full('disables', await importUser(app, 'disables'));
    const held = holdNext(app.store, 'put');
    const disabling = browser.delete('/mfa/totp/disable', { password: 'password of disables' });
    await held.arrived;
    await recreate('disables');
    const state = await app.rawState('disables');
    held.release();
    const response = await disabling;
    expect(response.status).toBe(401);
    expect(response.body.error_type).toBe('MFA_REQUIRED');
    expect(await app.rawState('disables')).toBe(state);
  });

  test('SF-19 an enrolment that was begun for the old one is not completed', async () => {
    const browser = await app.pending('enrols');
    const started = await browser.post('/mfa/totp/enroll', {});
    const held = holdNext(app.store, 'put');
    const code = codeAt(app, started.body.data);
    const confirming = browser.post('/mfa/totp/verify-enrollment', { code });
    await held.arrived;
    await importUser(app, 'enrols');
    const state = await app.rawState('enrols');
    held.release();
    const response = await confirming;
    expect(response.status).toBe(409);
    expect(response.body.error_type).toBe('NO_PENDING_ENROLLMENT');
    expect(await app.rawState('enrols')).toBe(state);
  });

  test('SF-19 a failure is counted for nobody where the account is gone for good', async () => {
    const old = await importUser(app, 'gone');
    const browser = await app.pending('gone');
    const held = holdNext(app.store, 'put');
    const verifying = browser.post('/mfa/totp/verify', { code: wrongCode(app, old) });
    await held.arrived;
    await app.mfa.service.deleteUser('gone');
    held.release();
    expect((await verifying).body.error_type).toBe('NO_PENDING_LOGIN');
    expect(await app.rawState('gone')).toBeNull();
  });
});

describe('an account that was deleted and made anew', () => {
  test('SF-19 knows nothing of the sessions and codes of the old one', async () => {
    const old = await importUser(app, 'anew');
    const full = await app.full('anew', old);
    const pending = await app.pending('anew');
    const fresh = await recreate('anew');
    app.clock.nextStep(2);
    const state = await app.rawState('anew');
    const reached = app.reached();

    for (const path of ['/private', '/sensitive', '/lenient', '/lenient-sensitive']) {
      const response = await full.get(path);
      expect([path, response.status, response.body.error_type]).toEqual([path, 401, 'MFA_REQUIRED']);
    }
    const disabled = await full.delete('/mfa/totp/disable', { password: 'password of anew' });
    expect(disabled.body.error_type).toBe('MFA_REQUIRED');
    const enrolled = await full.post('/mfa/totp/enroll', { password: 'password of anew' });
    expect(enrolled.status).toBe(409);
    expect((await pending.post('/mfa/totp/verify', { code: fresh.code() })).body.error_type).toBe(
      'NO_PENDING_LOGIN',
    );
    expect(app.reached()).toBe(reached);
    expect(await app.rawState('anew')).toBe(state);

    app.clock.nextStep(2);
    const again = await app.pending('anew');
    expect((await again.post('/mfa/totp/verify', { code: codeAt(app, old) })).status).toBe(401);
    expect((await again.post('/mfa/totp/verify', { code: fresh.code() })).status).toBe(200);
  });

  test('SF-19 a record put back from a backup revives no session of what came after it', async () => {
    const authenticator = await importUser(app, 'rolled back');
    const backup = await app.rawState('rolled back');
    const first = await app.full('rolled back', authenticator);
    await app.mfa.service.reset('rolled back');
    await importUser(app, 'rolled back');
    const later = await app.pending('rolled back');
    await app.writeRawState('rolled back', backup);
    expect((await later.get('/private')).body.error_type).toBe('UNAUTHENTICATED');
    // Of the same epoch: what was proven then was proven to this very record.
    expect((await first.get('/private')).status).toBe(200);
  });
});
