import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { importUser } from '../app/imported-user.ts';
import { loggedInSessions } from '../app/stored-sessions.ts';
import { watchAnswers } from '../app/watch-answers.ts';

const answers = watchAnswers();
let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({
    before: answers.watch,
    after(host, mfa) {
      // A host that goes on where `startLogin` rejects.
      host.get('/log-in-as/:user', async (req, res) => {
        const failure = await mfa.startLogin(req, req.params.user).catch((error) => error.code);
        res.json({ failure, session: req.session ?? null });
      });
    },
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  answers.check();
});
afterAll(() => app.close());

/** A browser in which both steps were done, and in whose session the host keeps something. */
async function browserOf(user: string) {
  const authenticator = await importUser(app, user);
  const browser = await app.full(user, authenticator);
  await browser.post('/session', { cart: ['book'], isAdmin: true });
  return { browser, before: browser.copy() };
}

test.each([
  ['with a factor', true],
  ['without one', false],
] as const)('SU-18 of the user before, nothing is left for a user %s', async (name, enrolled) => {
  const { browser, before } = await browserOf(`before ${name}`);
  const user = `after ${name}`;
  if (enrolled) await importUser(app, user);
  const state = await app.rawState(`before ${name}`);
  const login = await browser.post('/login', { user, password: `password of ${user}` });
  expect(login.body.status).toBe(enrolled ? 'mfa_required' : 'complete');

  expect(browser.sessionId).not.toBe(before.sessionId);
  expect(await app.sessionOf(before)).toBeUndefined();
  const { cookie, mfa, ...rest } = await app.sessionOf(browser);
  expect(cookie).toBeDefined();
  expect(rest).toEqual(enrolled ? {} : { userId: user });
  expect(JSON.stringify(mfa)).not.toContain(`before ${name}`);
  expect(mfa.proofs ?? []).toEqual([]);
  expect((await browser.get('/private')).status).toBe(enrolled ? 401 : 403);
  expect((await before.get('/private')).status).toBe(401);
  expect(await app.rawState(`before ${name}`)).toBe(state);
});

test('SU-18 a save that fails logs nobody in, neither the one nor the other', async () => {
  const { browser, before } = await browserOf('was in');
  jest.spyOn(app.sessions, 'set').mockImplementationOnce(async (_id, _session, done) => {
    done?.(new Error('set failed'));
  });
  const login = await browser.post('/login', { user: 'comes', password: 'password of comes' });
  expect(login.status).toBe(503);
  expect(login.headers['set-cookie']).toBeUndefined();
  expect(answers.takeFaults()).toEqual(['POST /login: 503']);
  expect(await loggedInSessions(app, 'comes')).toBe(0);
  expect(await loggedInSessions(app, 'was in')).toBe(0);
  expect((await before.get('/whoami')).body).toEqual({ userId: null });
});

test('SU-18 where the account cannot be read, the request goes on as nobody', async () => {
  const { browser, before } = await browserOf('still in');
  jest.spyOn(app.store, 'get').mockRejectedValueOnce(new Error('get failed'));
  const login = await browser.get('/log-in-as/comes');
  expect(login.body).toEqual({ failure: 'store_unavailable', session: null });
  expect(login.headers['set-cookie']).toBeUndefined();
  expect(browser.cookie).toBe(before.cookie);
  expect(await loggedInSessions(app, 'comes')).toBe(0);
});

test('SU-18 the same user again: what the session before had proven is not taken over', async () => {
  const { browser } = await browserOf('again');
  const login = await browser.post('/login', { user: 'again', password: 'password of again' });
  expect(login.body.status).toBe('mfa_required');
  expect((await browser.get('/private')).body.error_type).toBe('MFA_REQUIRED');
  expect(await loggedInSessions(app, 'again')).toBe(0);
});
