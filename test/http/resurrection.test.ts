import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Response } from 'supertest';
import type { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { codeAt, importUser } from '../app/imported-user.ts';
import { watchAnswers } from '../app/watch-answers.ts';

const answers = watchAnswers();
let gate = new EventTarget();
let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({
    before: answers.watch,
    after(host) {
      // A request of the host's that changes the session at its beginning and ends when the test says so.
      host.get('/long', async (req, res) => {
        req.session.visits = (req.session.visits ?? 0) + 1;
        const released = once(gate, 'released');
        gate.dispatchEvent(new Event('arrived'));
        await released;
        res.json({});
      });
    },
  });
});
afterEach(answers.check);
afterAll(() => app.close());

/** A request that has read the session of now and will write it back; gives the browser that sent it. */
async function startLongRequest(browser: Browser): Promise<{ old: Browser; end: () => Promise<Response> }> {
  gate = new EventTarget();
  const old = browser.copy();
  const arrived = once(gate, 'arrived');
  const response = browser.copy().get('/long');
  await arrived;
  return {
    old,
    async end() {
      gate.dispatchEvent(new Event('released'));
      const ended = await response;
      // Else the test would prove nothing: the old session is there again.
      expect((await app.sessionOf(old)).visits).toBe(1);
      return ended;
    },
  };
}

async function expectDenied(browser: Browser, paths: readonly string[]): Promise<void> {
  const reached = app.reached();
  for (const path of paths) {
    const response = await browser.get(path);
    expect([path, response.status]).toEqual([path, 401]);
  }
  expect(app.reached()).toBe(reached);
}

const everyGuard = ['/private', '/sensitive', '/lenient', '/lenient-sensitive'];

describe('a slow request writes back a session of before the upgrade', () => {
  test('SU-09 of a pending login: it passes no guard and cannot be completed again', async () => {
    const authenticator = await importUser(app, 'completes');
    const browser = await app.pending('completes');
    const long = await startLongRequest(browser);
    expect((await browser.post('/mfa/totp/verify', { code: authenticator.code() })).status).toBe(200);
    await long.end();

    await expectDenied(long.old, everyGuard);
    app.clock.nextStep();
    const state = await app.rawState('completes');
    const again = await long.old.post('/mfa/totp/verify', { code: authenticator.code() });
    expect(again.status).toBe(401);
    expect(again.body.error_type).toBe('NO_PENDING_LOGIN');
    expect(await app.rawState('completes')).toBe(state);
    expect((await browser.get('/private')).status).toBe(200);
  });

  test('SU-09 of a pending login that a backup code completed', async () => {
    const { backupCodes } = await app.enrol('spends');
    const browser = await app.pending('spends');
    const long = await startLongRequest(browser);
    expect((await browser.post('/mfa/totp/verify', { code: backupCodes[0] })).status).toBe(200);
    await long.end();

    await expectDenied(long.old, everyGuard);
    const again = await long.old.post('/mfa/totp/verify', { code: backupCodes[1] });
    expect(again.body.error_type).toBe('NO_PENDING_LOGIN');
    expect((await app.state('spends')).backupCodes).toHaveLength(9);
  });

  test('SU-09 of a guest: it is still a guest', async () => {
    const guest = app.browser();
    await guest.post('/session', { cart: [] });
    const long = await startLongRequest(guest);
    await guest.post('/login', { user: 'no factor', password: 'password of no factor' });
    await long.end();
    expect((await long.old.get('/whoami')).body).toEqual({ userId: null });
    await expectDenied(long.old, everyGuard);
  });

  test('SU-09 of a running enrolment: it proves nothing and cannot be confirmed again', async () => {
    const browser = await app.pending('enrols');
    const started = await browser.post('/mfa/totp/enroll', {});
    const long = await startLongRequest(browser);
    const code = codeAt(app, started.body.data);
    expect((await browser.post('/mfa/totp/verify-enrollment', { code })).status).toBe(200);
    await long.end();

    await expectDenied(long.old, everyGuard);
    app.clock.nextStep();
    const state = await app.rawState('enrols');
    const again = await long.old.post('/mfa/totp/verify-enrollment', {
      code: codeAt(app, started.body.data),
    });
    expect(again.status).toBe(409);
    expect(again.body.error_type).toBe('NO_PENDING_ENROLLMENT');
    expect(await app.rawState('enrols')).toBe(state);
  });

  test('SU-09 of an earlier second step: it is no fresher than it was', async () => {
    const authenticator = await importUser(app, 'steps up');
    const browser = await app.full('steps up', authenticator);
    app.clock.move(301_000);
    const long = await startLongRequest(browser);
    expect((await browser.post('/mfa/totp/verify', { code: authenticator.code() })).status).toBe(200);
    await long.end();
    expect((await browser.get('/sensitive')).status).toBe(200);
    await expectDenied(long.old, ['/sensitive', '/lenient-sensitive']);
  });

  test("SU-09 of another user: B's login takes nothing back from A's", async () => {
    const first = await importUser(app, 'was here');
    await importUser(app, 'comes now');
    const browser = await app.full('was here', first);
    const long = await startLongRequest(browser);
    await browser.post('/login', { user: 'comes now', password: 'password of comes now' });
    await long.end();
    expect((await browser.get('/whoami')).body).toEqual({ userId: null });
    await expectDenied(browser, everyGuard);
  });
});

describe('a slow request writes back a full session of before its rights ended', () => {
  async function fullWithLongRequest(user: string) {
    const authenticator = await importUser(app, user);
    const browser = await app.full(user, authenticator);
    expect((await browser.get('/private')).status).toBe(200);
    return { browser, authenticator, long: await startLongRequest(browser) };
  }

  test('SU-10 by disabling', async () => {
    const { browser, long } = await fullWithLongRequest('disables');
    const disabled = await browser.delete('/mfa/totp/disable', { password: 'password of disables' });
    expect(disabled.status).toBe(200);
    await long.end();
    await expectDenied(long.old, ['/lenient', '/lenient-sensitive']);
    expect((await long.old.get('/private')).body.error_type).toBe('MFA_ENROLLMENT_REQUIRED');
  });

  test('SU-10 by disabling and enrolling anew', async () => {
    const { browser, long } = await fullWithLongRequest('changes');
    await browser.delete('/mfa/totp/disable', { password: 'password of changes' });
    await importUser(app, 'changes');
    await long.end();
    await expectDenied(long.old, everyGuard);
  });

  test('SU-10 by a reset', async () => {
    const { long } = await fullWithLongRequest('is reset');
    await app.mfa.service.reset('is reset');
    await long.end();
    await expectDenied(long.old, ['/lenient', '/lenient-sensitive']);
    expect((await long.old.get('/private')).status).toBe(403);
  });

  test('SU-10 by logging out everywhere', async () => {
    const { browser, long } = await fullWithLongRequest('logs out');
    expect((await browser.post('/log-out', { everywhere: true })).status).toBe(200);
    await long.end();
    await expectDenied(long.old, everyGuard);
    const disabled = await long.old.delete('/mfa/totp/disable', { password: 'password of logs out' });
    expect(disabled.body.error_type).toBe('MFA_REQUIRED');
    expect(await app.state('logs out')).toHaveProperty('totp');
  });

  test('SU-10 by deleting the user', async () => {
    const { long } = await fullWithLongRequest('is deleted');
    await app.mfa.service.deleteUser('is deleted');
    await long.end();
    await expectDenied(long.old, ['/lenient']);
    expect((await long.old.get('/private')).status).toBe(403);
  });
});
