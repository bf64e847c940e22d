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

type Ending = [string, (app: TestApp, user: string, browser: Browser) => Promise<unknown>];
const password = (user: string) => `password of ${user}`;

const disabling: Ending = [
  'disabling',
  async (_, user, browser) => {
    const disabled = await browser.delete('/mfa/totp/disable', { password: password(user) });
    expect(disabled.status).toBe(200);
  },
];
const disablingFromOutside: Ending = ['disabling for the user', ({ mfa }, user) => mfa.service.disable(user)];
const resetting: Ending = ['a reset', ({ mfa }, user) => mfa.service.reset(user)];
const deleting: Ending = ['deleting the user', ({ mfa }, user) => mfa.service.deleteUser(user)];
const endingSessions: Ending = ['ending all sessions', ({ mfa }, user) => mfa.service.endSessions(user)];
const importing: Ending = ['an import', (app, user) => importUser(app, user)];
const disablingAndImporting: Ending = [
  'disabling and enrolling anew',
  async (...where) => {
    await disabling[1](...where);
    await importing[1](...where);
  },
];
const loggingOutEverywhere: Ending = [
  'logging out everywhere',
  async (_app, _user, browser) => {
    expect((await browser.post('/log-out', { everywhere: true })).status).toBe(200);
  },
];

describe.each(cookieKinds)(
  'with $cookie, a slow request writes back a session of before its rights ended',
  (kind) => {
    let app: TestApp;
    beforeAll(async () => {
      app = await createTestApp({ session: kind.session, before: answers.watch, after: addLongRequest });
    });
    afterAll(() => app.close());
    const startLong = (browser: Browser) => startLongRequest(app, browser, kind);

    async function writtenBackFull(user: string, [, end]: Ending): Promise<Browser> {
      const browser = await app.full(user, await importUser(app, user));
      await expectPasses(browser, everyGuard);
      const long = await startLong(browser);
      await end(app, user, browser);
      return (await long.end()).old;
    }

    /** To a user without a factor, any session that is logged in may be told to set one up. */
    async function expectNothingProven(old: Browser, user: string): Promise<void> {
      await expectDenied(app, old, ['/lenient', '/lenient-sensitive']);
      expectRefusal(await old.get('/private'), 403, 'MFA_ENROLLMENT_REQUIRED');
      const state = await app.rawState(user);
      // Its first step is not a recent one any more.
      expectRefusal(await old.post('/mfa/totp/enroll', {}), 401, 'INVALID_CREDENTIALS');
      expect(await app.rawState(user)).toBe(state);
    }

    test.each([loggingOutEverywhere, endingSessions, disablingAndImporting])(
      'SU-10 a full one, by %s: it passes no guard and changes no factor',
      async (...ending) => {
        const user = `full, ${ending[0]}`;
        const old = await writtenBackFull(user, ending);
        await expectDenied(app, old, everyGuard);
        const state = await app.rawState(user);
        const changes = { password: password(user) };
        expectRefusal(await old.delete('/mfa/totp/disable', changes), 401, 'MFA_REQUIRED');
        expectRefusal(await old.post('/mfa/totp/regenerate-backup-codes', changes), 401, 'MFA_REQUIRED');
        expectRefusal(await old.post('/mfa/totp/enroll', changes), 409, 'CONFLICT');
        expect(await app.rawState(user)).toBe(state);
      },
    );

    test.each([disabling, disablingFromOutside, resetting, deleting])(
      'SU-10 a full one, by %s: it passes no guard and begins no enrolment',
      async (...ending) => {
        const user = `full, ${ending[0]}`;
        await expectNothingProven(await writtenBackFull(user, ending), user);
      },
    );

    test.each([endingSessions, resetting, disablingAndImporting])(
      'SU-10 a pending login, by %s: it cannot be completed',
      async (...[how, end]) => {
        const user = `pending, ${how}`;
        const authenticator = await importUser(app, user);
        const elsewhere = await app.full(user, authenticator);
        const browser = await app.pending(user);
        const long = await startLong(browser);
        await end(app, user, elsewhere);
        const { old } = await long.end();

        await expectDenied(app, old, everyGuard);
        app.clock.nextStep();
        const state = await app.rawState(user);
        const again = await old.post('/mfa/totp/verify', { code: authenticator.code() });
        expectRefusal(again, 401, 'NO_PENDING_LOGIN');
        expect(await app.rawState(user)).toBe(state);
      },
    );

    async function writtenBackEnrollment(user: string, [, end]: Ending) {
      const browser = await app.pending(user);
      const begun = await beginEnrollment(browser);
      const long = await startLong(browser);
      await end(app, user, browser);
      const { old } = await long.end();

      const state = await app.rawState(user);
      expectRefusal(await confirmEnrollment(old, codeAt(app, begun)), 409, 'NO_PENDING_ENROLLMENT');
      expect((await old.get('/mfa/setup', { Accept: 'text/html' })).text).not.toContain('mfa-secret');
      expect(await app.rawState(user)).toBe(state);
      return old;
    }

    test('SU-10 a running enrolment, by an import: it is over, as is the login without a second step', async () => {
      const old = await writtenBackEnrollment('imported meanwhile', importing);
      await expectDenied(app, old, everyGuard);
    });

    test.each([endingSessions, resetting])(
      'SU-10 a running enrolment, by %s: it is over, and the login with it',
      async (...ending) => {
        const user = `enrolling, ${ending[0]}`;
        await expectNothingProven(await writtenBackEnrollment(user, ending), user);
      },
    );

    test('SU-10 a running enrolment, by deleting the user: it is over', async () => {
      const old = await writtenBackEnrollment('deleted meanwhile', deleting);
      // Who never had a second factor has proven nothing that could end: the host's own session says who it is.
      await expectPasses(old, ['/lenient']);
    });
  },
);
