import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { beginEnrollment, confirmEnrollment } from '../app/begin-enrollment.ts';
import type { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectRefusal } from '../app/expect-refusal.ts';
import { codeAt, importUser } from '../app/imported-user.ts';
import { loggedInSessions } from '../app/stored-sessions.ts';
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

const guarded = ['/private', '/sensitive', '/lenient', '/lenient-sensitive'];

async function expectDenied(browser: Browser, status: number, errorType: string): Promise<void> {
  const before = app.reached();
  for (const path of guarded) expectRefusal(await browser.get(path), status, errorType);
  expect(app.reached()).toBe(before);
}

async function expectPasses(browser: Browser, paths = guarded): Promise<void> {
  for (const path of paths) expect([path, (await browser.get(path)).status]).toEqual([path, 200]);
}

describe('disabling and enrolling anew in one browser', () => {
  test('RE-08 ends what the others have proven, at their next request', async () => {
    const authenticator = await importUser(app, 'three');
    const browsers: Browser[] = [];
    for (let count = 0; count < 3; count++) {
      browsers.push(await app.full('three', authenticator));
      app.clock.nextStep();
    }
    const [own, second, third] = browsers as [Browser, Browser, Browser];
    for (const browser of browsers) await expectPasses(browser);

    const password = 'password of three';
    expect((await own.delete('/mfa/totp/disable', { password })).status).toBe(200);
    await expectPasses(own, ['/lenient', '/lenient-sensitive']);
    expectRefusal(await second.get('/private'), 403, 'MFA_ENROLLMENT_REQUIRED');
    expectRefusal(await second.get('/lenient'), 401, 'UNAUTHENTICATED');

    const enrollment = await beginEnrollment(own);
    expect((await confirmEnrollment(own, codeAt(app, enrollment))).status).toBe(200);
    await expectPasses(own);
    for (const browser of [second, third]) {
      await expectDenied(browser, 401, 'MFA_REQUIRED');
      expect((await browser.get('/mfa/totp/status')).body.data.verified).toBe(false);
      const body = { password };
      expectRefusal(await browser.delete('/mfa/totp/disable', body), 401, 'MFA_REQUIRED');
      const refused = await browser.post('/mfa/totp/verify', { code: codeAt(app, authenticator, 1) });
      expectRefusal(refused, 401, 'INVALID_CODE');
    }
    app.clock.nextStep();
    expect((await third.post('/mfa/totp/verify', { code: codeAt(app, enrollment) })).status).toBe(200);
    await expectPasses(third);
    await expectDenied(second, 401, 'MFA_REQUIRED');
  });
});

describe('enabling', () => {
  test.each(['/login', '/other-login', '/forgetful-login'])(
    'RE-09 a session from before it, by %s, does not pass the guard, nor as an unenrolled user would',
    async (path) => {
      const user = `before${path.replace('/', '-')}`;
      const browser = app.browser();
      await browser.post(path, { user, password: `password of ${user}`, via: 'link' });
      await expectPasses(browser, ['/lenient', '/lenient-sensitive']);
      const authenticator = await importUser(app, user);
      await expectDenied(browser, 401, 'MFA_REQUIRED');
      expect((await browser.post('/mfa/totp/verify', { code: authenticator.code() })).status).toBe(200);
      await expectPasses(browser);
    },
  );

  test('RE-09 the other sessions of whoever confirms an enrolment do not pass either', async () => {
    const [own, other] = [await app.pending('enabler'), await app.pending('enabler')];
    const stolen = own.copy();
    const enrollment = await beginEnrollment(own);
    expect((await confirmEnrollment(own, codeAt(app, enrollment))).status).toBe(200);
    await expectPasses(own);
    await expectDenied(other, 401, 'MFA_REQUIRED');
    await expectDenied(stolen, 401, 'UNAUTHENTICATED');
  });
});

describe('freshness', () => {
  test('RE-10 a second step counts for 300 s, and nothing in a request makes it younger', async () => {
    const authenticator = await importUser(app, 'aging');
    const browser = await app.full('aging', authenticator);
    const session = await app.sessionOf(browser);
    const now = String(app.clock.now() + 301_000);
    const headers = { Date: new Date(Number(now)).toUTCString(), 'X-Verified-At': now, 'X-Now': now };
    const query = `?verifiedAt=${now}&now=${now}&maxAge=999999999`;
    app.clock.move(299_000);
    await expectPasses(browser);
    app.clock.move(2_000);
    for (const path of ['/sensitive', '/lenient-sensitive']) {
      for (const sent of [{}, { verifiedAt: Number(now), mfa: { verifiedAt: Number(now) } }]) {
        const refused = await browser.post(`${path}${query}`, sent, headers);
        expectRefusal(refused, 401, 'MFA_REQUIRED');
        expect(refused.body.data).toEqual({ methods: ['totp'] });
      }
    }
    await expectPasses(browser, ['/private', '/lenient']);
    expect((await app.sessionOf(browser)).mfa).toEqual(session.mfa);

    const wrong = await browser.post('/mfa/totp/verify', { code: codeAt(app, authenticator, 5) });
    expectRefusal(wrong, 401, 'INVALID_CODE');
    expectRefusal(await browser.get('/sensitive'), 401, 'MFA_REQUIRED');
    expect((await browser.post('/mfa/totp/verify', { code: authenticator.code() })).status).toBe(200);
    await expectPasses(browser);
  });

  test('RE-10 at 300 s it is over, to the millisecond', async () => {
    const browser = await app.full('exact', await importUser(app, 'exact'));
    app.clock.move(299_999);
    await expectPasses(browser, ['/sensitive']);
    app.clock.move(1);
    expectRefusal(await browser.get('/sensitive'), 401, 'MFA_REQUIRED');
  });

  test('RE-10 a proof from the future counts for a minute of it, and not more', async () => {
    const browser = await app.full('future', await importUser(app, 'future'));
    app.clock.move(-60_000);
    await expectPasses(browser);
    app.clock.move(-1);
    await expectDenied(browser, 401, 'MFA_REQUIRED');
    app.clock.move(60_001);
  });
});

describe('an admin reset', () => {
  test('RE-12 ends every session, pending login and enrolment; tells no secret, creates no login', async () => {
    const authenticator = await app.enrol('reset');
    const { epoch } = await app.state('reset');
    const full = await app.full('reset', authenticator);
    const replacing = await app.pending('reset');
    await replacing.post('/mfa/totp/verify', { code: authenticator.backupCodes[0] });
    const enrollment = await beginEnrollment(replacing);
    const pending = await app.pending('reset');
    const [before, sessions] = [app.events.length, await loggedInSessions(app, 'reset')];

    expect(await app.mfa.service.reset('reset')).toBeUndefined();
    expect(app.events.slice(before)).toEqual([
      { name: 'mfa.reset', userId: 'reset', at: app.clock.now() },
      { name: 'sessions.ended', userId: 'reset', at: app.clock.now(), reason: 'reset' },
    ]);
    const state = await app.state('reset');
    expect([epoch, '']).not.toContain(state.epoch);
    expect({ ...state, epoch: '' }).toEqual({
      v: 2,
      epoch: '',
      authenticators: [],
      backupCodes: [],
      budget: { failures: 0, waitUntil: 0 },
      used: [],
    });
    expect(await loggedInSessions(app, 'reset')).toBe(sessions);

    expectRefusal(await full.get('/private'), 403, 'MFA_ENROLLMENT_REQUIRED');
    expectRefusal(await full.get('/lenient'), 401, 'UNAUTHENTICATED');
    const code = codeAt(app, authenticator, 1);
    expectRefusal(await pending.post('/mfa/totp/verify', { code }), 401, 'NO_PENDING_LOGIN');
    expectRefusal(await confirmEnrollment(replacing, codeAt(app, enrollment)), 409, 'NO_PENDING_ENROLLMENT');
    const login = await app.browser().post('/login', { user: 'reset', password: 'password of reset' });
    expect(login.body.status).toBe('complete');
  });

  test('RE-12 works on a record that cannot be read, and lets the user in again', async () => {
    await app.writeRawState('broken', 'version\n{"v":99');
    const refused = await app.browser().post('/login', { user: 'broken', password: 'password of broken' });
    expect([refused.status, refused.body.code]).toEqual([503, 'account_unreadable']);
    expect(answers.takeFaults()).toEqual(['POST /login: 503']);
    await app.mfa.service.reset('broken');
    expect((await app.state('broken')).epoch).toMatch(/^[\w-]{22}$/);
    await expectPasses(await app.pending('broken'), ['/lenient']);
  });

  test('RE-12 of a user who never enrolled ends the sessions of before all the same', async () => {
    const browser = await app.pending('never-enrolled');
    const enrollment = await beginEnrollment(browser);
    await app.mfa.service.reset('never-enrolled');
    expectRefusal(await browser.get('/lenient'), 401, 'UNAUTHENTICATED');
    const late = await confirmEnrollment(browser, codeAt(app, enrollment));
    expectRefusal(late, 409, 'NO_PENDING_ENROLLMENT');
  });

  test.each(['seven', 7])('RE-12 of %p is of no other user', async (user) => {
    await importUser(app, 'bystander');
    const state = await app.rawState('bystander');
    await app.mfa.service.reset(user);
    expect(await app.rawState('bystander')).toBe(state);
    expect(await app.rawState(String(user))).not.toBeNull();
  });
});
