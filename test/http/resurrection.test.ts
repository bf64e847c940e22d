import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { beginEnrollment, confirmEnrollment } from '../app/begin-enrollment.ts';
import type { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { everyGuard, expectDenied, expectPasses } from '../app/expect-guards.ts';
import { expectRefusal } from '../app/expect-refusal.ts';
import { codeAt, importUser } from '../app/imported-user.ts';
import { addLongRequest, cookieKinds, startLongRequest } from '../app/long-request.ts';
import { watchAnswers } from '../app/watch-answers.ts';

const answers = watchAnswers();
afterEach(answers.check);

describe.each(cookieKinds)(
  'with $cookie, a slow request writes back a session of before the upgrade',
  (kind) => {
    let app: TestApp;
    beforeAll(async () => {
      app = await createTestApp({ session: kind.session, before: answers.watch, after: addLongRequest });
    });
    afterAll(() => app.close());
    const startLong = (browser: Browser) => startLongRequest(app, browser, kind);

    test('SU-09 of a pending login: it passes no guard and cannot be completed again', async () => {
      const authenticator = await importUser(app, 'completes');
      const browser = await app.pending('completes');
      const long = await startLong(browser);
      expect((await browser.post('/mfa/totp/verify', { code: authenticator.code() })).status).toBe(200);
      const { old, present } = await long.end();

      await expectDenied(app, old, everyGuard);
      app.clock.nextStep();
      const state = await app.rawState('completes');
      const again = await old.post('/mfa/totp/verify', { code: authenticator.code() });
      expectRefusal(again, 401, 'NO_PENDING_LOGIN');
      expect(await app.rawState('completes')).toBe(state);
      await expectPasses(present, everyGuard);
    });

    test('SU-09 of a pending login that a backup code completed', async () => {
      const { backupCodes } = await app.enrol('spends');
      const browser = await app.pending('spends');
      const long = await startLong(browser);
      expect((await browser.post('/mfa/totp/verify', { code: backupCodes[0] })).status).toBe(200);
      const { old } = await long.end();

      await expectDenied(app, old, everyGuard);
      const again = await old.post('/mfa/totp/verify', { code: backupCodes[1] });
      expectRefusal(again, 401, 'NO_PENDING_LOGIN');
      expect((await app.state('spends')).backupCodes).toHaveLength(9);
    });

    test('SU-09 of a guest: it is still a guest', async () => {
      const guest = app.browser();
      await guest.post('/session', { cart: [] });
      const long = await startLong(guest);
      await guest.post('/login', { user: 'no factor', password: 'password of no factor' });
      const { old, present } = await long.end();

      expect((await old.get('/whoami')).body).toEqual({ userId: null });
      await expectDenied(app, old, everyGuard);
      await expectPasses(present, ['/lenient']);
    });

    test('SU-09 of a running enrolment: it proves nothing and cannot be confirmed again', async () => {
      const browser = await app.pending('enrols');
      const begun = await beginEnrollment(browser);
      const long = await startLong(browser);
      expect((await confirmEnrollment(browser, codeAt(app, begun))).status).toBe(200);
      const { old, present } = await long.end();

      await expectDenied(app, old, everyGuard);
      app.clock.nextStep();
      const state = await app.rawState('enrols');
      expectRefusal(await confirmEnrollment(old, codeAt(app, begun)), 409, 'NO_PENDING_ENROLLMENT');
      expect(await app.rawState('enrols')).toBe(state);
      await expectPasses(present, everyGuard);
    });

    describe('SU-09 of a login by a backup code, after which the lost phone was replaced', () => {
      async function logInByBackupCode(user: string): Promise<Browser> {
        const { backupCodes } = await app.enrol(user);
        const browser = await app.pending(user);
        expect((await browser.post('/mfa/totp/verify', { code: backupCodes[0] })).status).toBe(200);
        return browser;
      }

      async function expectProvesNothing(user: string, { old, present }: Record<'old' | 'present', Browser>) {
        await expectDenied(app, old, everyGuard);
        const state = await app.rawState(user);
        expectRefusal(await old.post('/mfa/totp/enroll', {}), 409, 'CONFLICT');
        const password = `password of ${user}`;
        expectRefusal(await old.delete('/mfa/totp/disable', { password }), 401, 'MFA_REQUIRED');
        expect(await app.rawState(user)).toBe(state);
        await expectPasses(present, everyGuard);
      }

      test('it proves nothing, and replaces no further authenticator', async () => {
        const browser = await logInByBackupCode('replaces');
        const long = await startLong(browser);
        const begun = await beginEnrollment(browser);
        expect((await confirmEnrollment(browser, codeAt(app, begun))).status).toBe(200);
        await expectProvesNothing('replaces', await long.end());
      });

      test('nor is the enrolment that runs in it confirmed again', async () => {
        const browser = await logInByBackupCode('replaced');
        const begun = await beginEnrollment(browser);
        const long = await startLong(browser);
        expect((await confirmEnrollment(browser, codeAt(app, begun))).status).toBe(200);
        const ended = await long.end();

        app.clock.nextStep();
        const state = await app.rawState('replaced');
        expectRefusal(await confirmEnrollment(ended.old, codeAt(app, begun)), 409, 'NO_PENDING_ENROLLMENT');
        const setup = await ended.old.get('/mfa/setup', { Accept: 'text/html' });
        expect([setup.status, setup.headers.location]).toEqual([303, '/mfa/security']);
        expect(await app.rawState('replaced')).toBe(state);
        await expectProvesNothing('replaced', ended);
      });
    });
  },
);
