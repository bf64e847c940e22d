import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Response } from 'supertest';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectNothingKnown } from '../app/expect-nothing-known.ts';
import { codeAt, importUser } from '../app/imported-user.ts';
import { loggedInSessions, storedSessions } from '../app/stored-sessions.ts';
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

type Failing = 'set' | 'destroy';
type Callback = (error?: unknown) => unknown;

/** The session store's next call of that name answers with an error; it has done nothing. */
function failOnce(operation: Failing): void {
  const error = new Error(`${operation} failed`);
  if (operation === 'set')
    jest.spyOn(app.sessions, 'set').mockImplementationOnce(async (_id, _session, done?: Callback) => {
      done?.(error);
    });
  else
    jest.spyOn(app.sessions, 'destroy').mockImplementationOnce(async (_id, done?: Callback) => {
      done?.(error);
    });
}

function expectUnavailable(response: Response): void {
  expect(response.status).toBe(503);
  expect(response.body).toEqual({
    success: false,
    message: 'The second step is not available at the moment.',
    error_type: 'UNAVAILABLE',
  });
  expect(response.headers['set-cookie']).toBeUndefined();
  expect(answers.takeFaults()).toEqual([expect.stringMatching(/^[A-Z]+ \/mfa\/totp\/[a-z-]+: 503$/)]);
}

describe('a second step whose session cannot be changed', () => {
  test.each([
    ['SU-07', 'set'],
    ['SU-08', 'destroy'],
  ] as const)('%s where %s fails, nobody is logged in and the login is used up', async (id, operation) => {
    const authenticator = await importUser(app, id);
    const browser = await app.pending(id);
    failOnce(operation);
    expectUnavailable(await browser.post('/mfa/totp/verify', { code: authenticator.code() }));

    expect(await loggedInSessions(app, id)).toBe(0);
    expect((await app.state(id)).used).toHaveLength(1);
    app.clock.nextStep();
    const state = await app.rawState(id);
    const again = await browser.post('/mfa/totp/verify', { code: authenticator.code() });
    expect(again.status).toBe(401);
    expect(again.body.error_type).toBe('NO_PENDING_LOGIN');
    expect(await app.rawState(id)).toBe(state);
    // Nothing is lost but that code.
    app.clock.nextStep();
    const afresh = await app.full(id, authenticator);
    expect((await afresh.get('/private')).status).toBe(200);
  });

  test('SU-08 where destroy fails, what is left of the old session is a login that is used up', async () => {
    const authenticator = await importUser(app, 'left over');
    const browser = await app.pending('left over');
    failOnce('destroy');
    expectUnavailable(await browser.post('/mfa/totp/verify', { code: authenticator.code() }));
    expect((await app.sessionOf(browser)).mfa).toHaveProperty('pendingUserId');
    expect((await browser.get('/private')).status).toBe(401);
  });

  test('SU-07 where every set and destroy fails, the answer is the same', async () => {
    const authenticator = await importUser(app, 'both');
    const browser = await app.pending('both');
    const before = await storedSessions(app);
    const failing = async (done?: Callback) => void done?.(new Error('down'));
    jest.spyOn(app.sessions, 'set').mockImplementation((_id, _session, done) => failing(done));
    jest.spyOn(app.sessions, 'destroy').mockImplementation((_id, done) => failing(done));
    expectUnavailable(await browser.post('/mfa/totp/verify', { code: authenticator.code() }));
    expect(await storedSessions(app)).toEqual(before);
  });

  test('SU-07 a store that throws instead of answering is a failure like any other', async () => {
    const authenticator = await importUser(app, 'throws');
    const browser = await app.pending('throws');
    jest.spyOn(app.sessions, 'set').mockImplementationOnce(() => {
      throw new Error('thrown by set');
    });
    expectUnavailable(await browser.post('/mfa/totp/verify', { code: authenticator.code() }));
    expect(await loggedInSessions(app, 'throws')).toBe(0);
  });

  test('BC-04 the backup code is spent, and the next one works', async () => {
    const { backupCodes } = await app.enrol('spends');
    const browser = await app.pending('spends');
    failOnce('set');
    expectUnavailable(await browser.post('/mfa/totp/verify', { code: backupCodes[0] }));
    expect(await loggedInSessions(app, 'spends')).toBe(0);
    expect((await app.state('spends')).backupCodes).toHaveLength(9);

    const afresh = await app.pending('spends');
    const spent = await afresh.post('/mfa/totp/verify', { code: backupCodes[0] });
    expect(spent.body.error_type).toBe('INVALID_CODE');
    expect((await afresh.post('/mfa/totp/verify', { code: backupCodes[1] })).status).toBe(200);
    expect((await app.state('spends')).backupCodes).toHaveLength(8);
  });
});

describe('a first step whose session cannot be changed', () => {
  test.each(['set', 'destroy'] as const)(
    'SU-07 where %s fails, there is no pending login',
    async (operation) => {
      const user = `first ${operation}`;
      await importUser(app, user);
      const state = await app.rawState(user);
      const browser = app.browser();
      await browser.post('/session', { visits: 1 });
      failOnce(operation);
      const response = await browser.post('/login', { user, password: `password of ${user}` });
      expect(response.status).toBe(503);
      expect(response.body).toEqual({ error: 'MfaError', code: 'session_failed' });
      expect(response.headers['set-cookie']).toBeUndefined();
      expect(answers.takeFaults()).toEqual(['POST /login: 503']);
      expect((await browser.get('/pending')).body).toEqual({ pending: null });
      const sessions = Object.values(await storedSessions(app));
      expect(sessions.filter((session) => session.mfa?.pendingUserId === user)).toEqual([]);
      expect(await app.rawState(user)).toBe(state);
    },
  );

  test.each(['set', 'destroy'] as const)(
    'SU-07 where %s fails, a user without a factor is not logged in',
    async (operation) => {
      const user = `only ${operation}`;
      const browser = app.browser();
      await browser.post('/session', { visits: 1 });
      failOnce(operation);
      const response = await browser.post('/login', { user, password: `password of ${user}` });
      expect(response.status).toBe(503);
      expect(response.headers['set-cookie']).toBeUndefined();
      expect(answers.takeFaults()).toEqual(['POST /login: 503']);
      expect(await loggedInSessions(app, user)).toBe(0);
      expect((await browser.get('/whoami')).body).toEqual({ userId: null });
    },
  );
});

describe('a change of factors whose session cannot be changed', () => {
  test.each(['set', 'destroy'] as const)(
    'SU-07 where %s fails at disabling, it is disabled and nobody is let in',
    async (operation) => {
      const user = `disables ${operation}`;
      const authenticator = await importUser(app, user);
      const browser = await app.full(user, authenticator);
      const thief = browser.copy();
      failOnce(operation);
      expectUnavailable(await browser.delete('/mfa/totp/disable', { password: `password of ${user}` }));
      expect(await app.state(user)).toHaveProperty('authenticators', []);
      expect((await thief.get('/lenient')).body.error_type).toBe('UNAUTHENTICATED');
    },
  );

  test('SU-07 where set fails at a step-up, the code is spent and nothing was renewed', async () => {
    const authenticator = await importUser(app, 'steps up');
    const browser = await app.full('steps up', authenticator);
    app.clock.move(301_000);
    const code = authenticator.code();
    failOnce('set');
    expectUnavailable(await browser.post('/mfa/totp/verify', { code }));
    expect((await browser.get('/sensitive')).status).toBe(401);
    const other = await app.pending('steps up');
    expect((await other.post('/mfa/totp/verify', { code })).body.error_type).toBe('INVALID_CODE');
  });

  test('SU-07 where set fails when an enrolment begins, its secret is not told', async () => {
    const browser = await app.pending('begins');
    failOnce('set');
    const response = await browser.post('/mfa/totp/enroll', {});
    expectUnavailable(response);
    expect(response.text).not.toMatch(/otpauth|[A-Z2-7]{32}/);
    const code = codeAt(app, { secret: 'A'.repeat(32) });
    const confirmed = await browser.post('/mfa/totp/verify-enrollment', { code });
    expect(confirmed.body.error_type).toBe('NO_PENDING_ENROLLMENT');
    await expectNothingKnown(app, 'begins');
  });
});
