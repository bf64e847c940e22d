import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { beginEnrollment, confirmEnrollment } from '../app/begin-enrollment.ts';
import type { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { everyGuard, expectDenied, expectPasses } from '../app/expect-guards.ts';
import { expectRefusal } from '../app/expect-refusal.ts';
import { codeAt, importUser, wrongCode } from '../app/imported-user.ts';
import { addLongRequest, cookieKinds, startLongRequest } from '../app/long-request.ts';
import { visit } from '../app/page-visitor.ts';
import { watchAnswers } from '../app/watch-answers.ts';

const answers = watchAnswers();
afterEach(answers.check);

// What docs/security.md says of slow requests, no less and no more: nothing of this changes what the account says of sessions.
describe.each(cookieKinds)(
  'with $cookie, a slow request writes back a session that has what it had',
  (kind) => {
    let app: TestApp;
    beforeAll(async () => {
      app = await createTestApp({ session: kind.session, before: answers.watch, after: addLongRequest });
    });
    afterAll(() => app.close());
    const startLong = (browser: Browser) => startLongRequest(app, browser, kind);

    const full = async (user: string) => app.full(user, await importUser(app, user));

    /** A proof of the last five minutes, which gets older like any other and ends with all sessions. */
    async function expectIsFull(old: Browser, user: string): Promise<void> {
      expect((await old.get('/whoami')).body).toEqual({ userId: user });
      await expectPasses(old, everyGuard);
      app.clock.move(301_000);
      await expectDenied(app, old, ['/sensitive', '/lenient-sensitive']);
      await expectPasses(old, ['/private', '/lenient']);
      await app.mfa.service.endSessions(user);
      await expectDenied(app, old, everyGuard);
    }

    test('SU-10 of before a plain log-out: a full session is logged in again', async () => {
      const browser = await full('logs out');
      const long = await startLong(browser);
      expect((await browser.post('/log-out', {})).status).toBe(200);
      const { old, present } = await long.end();
      await expectDenied(app, present, everyGuard);
      await expectIsFull(old, 'logs out');
    });

    test('SU-10 of before a plain log-out: a pending login waits for its code again', async () => {
      const authenticator = await importUser(app, 'gives up');
      const browser = await app.pending('gives up');
      const long = await startLong(browser);
      await browser.post('/log-out', {});
      const { old } = await long.end();
      await expectDenied(app, old, everyGuard);
      expect((await old.post('/mfa/totp/verify', { code: authenticator.code() })).status).toBe(200);
      await expectPasses(old, everyGuard);
    });

    test.each(['somebody else', 'was here'])(
      'SU-10 of before another login in this browser: a full session is back, though %j has logged in',
      async (next) => {
        const browser = await full('was here');
        await importUser(app, 'somebody else');
        const long = await startLong(browser);
        await browser.post('/login', { user: next, password: `password of ${next}` });
        const { old, present } = await long.end();
        expect((await present.get('/whoami')).body).toEqual({ userId: null });
        await expectDenied(app, present, everyGuard);
        await expectIsFull(old, 'was here');
        await app.mfa.service.reset('was here');
      },
    );

    test('SU-09 of before a step-up: it is no fresher than it was', async () => {
      const authenticator = await importUser(app, 'steps up');
      const browser = await app.full('steps up', authenticator);
      app.clock.move(301_000);
      const long = await startLong(browser);
      expect((await browser.post('/mfa/totp/verify', { code: authenticator.code() })).status).toBe(200);
      const { old, present } = await long.end();
      await expectPasses(present, everyGuard);
      await expectDenied(app, old, ['/sensitive', '/lenient-sensitive']);
      await expectPasses(old, ['/private', '/lenient']);
    });

    async function codesShownTo(browser: Browser): Promise<string[]> {
      const { text } = await browser.get('/mfa/backup-codes', { Accept: 'text/html' });
      return text.match(/\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}\b/g) ?? [];
    }

    /** By the page, which shows them until somebody has said that they are saved. */
    async function makeNewCodes(browser: Browser, user: string): Promise<string[]> {
      const visitor = visit(browser.copy());
      await visitor.get('/mfa/security');
      const made = await visitor.submit('/totp/regenerate-backup-codes', { password: `password of ${user}` });
      expect(made.headers.location).toBe('/mfa/backup-codes');
      const codes = await codesShownTo(browser);
      expect(codes).toHaveLength(10);
      return codes;
    }

    test('SU-09 of before backup codes were saved: it shows them again, for their ten minutes', async () => {
      const browser = await full('saves');
      const codes = await makeNewCodes(browser, 'saves');
      const long = await startLong(browser);
      expect((await browser.post('/mfa/backup-codes/saved', { saved: 'yes' })).status).toBe(200);
      const { old, present } = await long.end();
      expect(await codesShownTo(present)).toEqual([]);
      expect(await codesShownTo(old)).toEqual(codes);
      app.clock.move(599_999);
      expect(await codesShownTo(old)).toEqual(codes);
      app.clock.move(1);
      expect(await codesShownTo(old)).toEqual([]);
      await expectDenied(app, old, ['/sensitive', '/lenient-sensitive']);
    });

    test('SU-09 of before backup codes were saved: said once more, they are forgotten', async () => {
      const browser = await full('saves twice');
      await makeNewCodes(browser, 'saves twice');
      const long = await startLong(browser);
      await browser.post('/mfa/backup-codes/saved', { saved: 'yes' });
      const { old } = await long.end();
      expect(await codesShownTo(old)).toHaveLength(10);
      expect((await old.post('/mfa/backup-codes/saved', { saved: 'yes' })).status).toBe(200);
      expect(await codesShownTo(old)).toEqual([]);
      await expectIsFull(old, 'saves twice');
    });

    test('SU-09 of before new backup codes: it shows neither those nor the ones of before', async () => {
      const browser = await full('makes new ones');
      const codes = await makeNewCodes(browser, 'makes new ones');
      app.clock.move(61_000);
      const long = await startLong(browser);
      const newCodes = await makeNewCodes(browser, 'makes new ones');
      const state = await app.rawState('makes new ones');
      const { old } = await long.end();

      expect(await codesShownTo(old)).toEqual([]);
      expect(await app.rawState('makes new ones')).toBe(state);
      const verify = (code = '') => app.mfa.service.verify('makes new ones', { code });
      expect(await verify(codes[0])).toMatchObject({ errorType: 'INVALID_CODE' });
      expect(await verify(newCodes[0])).toMatchObject({ ok: true });
      await expectPasses(old, everyGuard);
      app.clock.move(240_000);
      await expectDenied(app, old, ['/sensitive', '/lenient-sensitive']);
      await expectPasses(old, ['/private']);
    });

    test('SU-09 of before an unlock: a full session is one, and no wait comes back', async () => {
      const authenticator = await importUser(app, 'is unlocked');
      const browser = await app.full('is unlocked', authenticator);
      const guess = () => app.mfa.service.verify('is unlocked', { code: wrongCode(app, authenticator) });
      for (let count = 0; count < 6; count++) await guess();
      expect(await guess()).toMatchObject({ errorType: 'TOO_MANY_ATTEMPTS' });
      const long = await startLong(browser);
      await app.mfa.service.unlock('is unlocked');
      const { old } = await long.end();
      expect((await app.state('is unlocked')).budget).toEqual({ failures: 0, waitUntil: 0 });
      await expectIsFull(old, 'is unlocked');
    });

    test('SU-09 of before an unlock: a running enrolment can be confirmed, once', async () => {
      const browser = await app.pending('is let on');
      const begun = await beginEnrollment(browser);
      const wrong = wrongCode(app, { ...begun, backupCodes: [], code: () => '' });
      for (let count = 0; count < 6; count++) await confirmEnrollment(browser, wrong);
      expectRefusal(await confirmEnrollment(browser, codeAt(app, begun)), 429, 'TOO_MANY_ATTEMPTS');
      const long = await startLong(browser);
      await app.mfa.service.unlock('is let on');
      const { old } = await long.end();
      expect((await confirmEnrollment(old, codeAt(app, begun))).status).toBe(200);
      await expectPasses(old, everyGuard);
      expectRefusal(await confirmEnrollment(old, codeAt(app, begun)), 409, 'NO_PENDING_ENROLLMENT');
    });

    test('SU-09 of before an import that was refused, since the user has a second factor', async () => {
      const browser = await full('has one');
      const state = await app.rawState('has one');
      const long = await startLong(browser);
      const refused = await app.mfa.service.importTotp('has one', 'A'.repeat(32), { encoding: 'base32' });
      expect(refused).toMatchObject({ errorType: 'CONFLICT' });
      const { old } = await long.end();
      expect(await app.rawState('has one')).toBe(state);
      await expectIsFull(old, 'has one');
    });
  },
);
