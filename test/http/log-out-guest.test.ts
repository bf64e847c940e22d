import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { Request, RequestHandler } from 'express';
import { Passport } from 'passport';
import type { Response } from 'supertest';
import type { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp, type TestAppOptions } from '../app/create-test-app.ts';
import { addNotice, flashHost } from '../app/flash-host.ts';
import { importUser } from '../app/imported-user.ts';
import { storedSessions } from '../app/stored-sessions.ts';

let app: TestApp;
afterEach(async () => {
  jest.restoreAllMocks();
  expect(app.errors).toEqual([]);
  await app.close();
});

const sidsOf = ({ headers }: Response): string[] =>
  [headers['set-cookie'] ?? []].flat().filter((cookie) => cookie.startsWith('sid='));

/** What the host does with the request right after the log-out. */
let afterwards: (req: Request) => unknown;
const leaveAndGoOn: NonNullable<TestAppOptions['after']> = (host, mfa) => {
  flashHost(host, mfa);
  host.post('/go-on', (async (req, res) => {
    await mfa.logOut(req);
    res.json((await afterwards(req)) ?? {});
  }) satisfies RequestHandler);
};

async function loggedIn(options: TestAppOptions = {}): Promise<{ browser: Browser; old: Browser }> {
  app = await createTestApp({ after: leaveAndGoOn, ...options });
  const browser = await app.full('A', await importUser(app, 'A'));
  return { browser, old: browser.copy() };
}

describe.each([
  {},
  { saveUninitialized: true },
  { rolling: true },
  { rolling: true, saveUninitialized: true },
  { resave: true },
  { unset: 'destroy' },
  { cookie: { maxAge: 60_000 } },
  { rolling: true, cookie: { maxAge: 60_000 } },
] as const)('after a log-out, with %j', (session) => {
  test.each(['/leave', '/leave?everywhere=yes'])('a message for the next page arrives: %s', async (path) => {
    const { browser, old } = await loggedIn({ session });
    const before = Object.keys(await storedSessions(app));
    const left = await browser.post(path);
    expect([left.status, left.headers.location]).toEqual([303, '/notices']);
    // The old one is taken back first, so that the new one is what the browser keeps.
    expect(sidsOf(left).map((cookie) => cookie.slice(0, 8))).toEqual(['sid=; Pa', 'sid=; Pa', 'sid=s%3A']);
    expect(before).not.toContain(browser.sessionId);
    const stored = await storedSessions(app);
    expect(Object.keys(stored)).toEqual([browser.sessionId]);
    const { cookie, ...data } = stored[browser.sessionId];
    expect(data).toEqual({ flash: { info: ['You are logged out.'] } });
    expect((await browser.get('/notices')).body).toEqual({ notices: ['You are logged out.'], userId: null });
    expect((await browser.get('/notices')).body.notices).toEqual([]);
    expect((await browser.get('/private')).status).toBe(401);
    expect((await old.get('/private')).status).toBe(401);
  });

  test('with nothing to say nothing is saved, and no cookie is set', async () => {
    const { browser } = await loggedIn({ session });
    const left = await browser.post('/log-out', {});
    expect(left.status).toBe(200);
    expect(sidsOf(left).map((cookie) => cookie.slice(0, 8))).toEqual(['sid=; Pa', 'sid=; Pa']);
    expect(await storedSessions(app)).toEqual({});
  });
});

test('the guest has a new id and nothing in it, and the session store hears of it only with a message', async () => {
  const { browser, old } = await loggedIn();
  const asked = (['set', 'touch', 'destroy', 'get'] as const).map((name) => jest.spyOn(app.sessions, name));
  afterwards = (req) => ({ id: req.session.id, session: req.session });
  const { body } = await browser.post('/go-on');
  expect(body.id).toMatch(/^[\w-]{32}$/);
  expect(body.id).not.toBe(old.sessionId);
  expect(Object.keys(body.session)).toEqual(['cookie']);
  expect(asked.map(({ mock }) => mock.calls.length)).toEqual([0, 0, 1, 1]);
});

test('it can live longer than the browser', async () => {
  const { browser } = await loggedIn();
  afterwards = (req) => {
    req.session.cookie.maxAge = 86_400_000;
    addNotice(req, 'Until tomorrow.');
  };
  expect(sidsOf(await browser.post('/go-on')).at(-1)).toMatch(/Expires=/);
  expect((await app.sessionOf(browser)).cookie.originalMaxAge).toBeGreaterThan(86_000_000);
  afterwards = (req) => {
    req.session.cookie.maxAge = 86_400_000;
  };
  expect(sidsOf(await browser.post('/go-on'))).toHaveLength(2);
  expect(await storedSessions(app)).toEqual({});
});

test('it is saved by hand, and once more what is put into it then', async () => {
  const { browser } = await loggedIn();
  afterwards = async (req) => {
    addNotice(req, 'One.');
    await new Promise<unknown>((resolve) => req.session.save(resolve));
    addNotice(req, 'Two.');
  };
  await browser.post('/go-on');
  expect((await browser.get('/notices')).body.notices).toEqual(['One.', 'Two.']);
});

test.each([false, true])(
  'it is made anew and removed by the host (after a message: %s)',
  async (hasNotice) => {
    const { browser } = await loggedIn();
    // Some stores refuse to remove what has no id.
    const destroy = jest.spyOn(app.sessions, 'destroy');
    afterwards = async (req) => {
      if (hasNotice) addNotice(req, 'Gone.');
      await new Promise<unknown>((resolve) => req.session.regenerate(resolve));
      addNotice(req, 'Stays.');
    };
    await browser.post('/go-on');
    expect((await browser.get('/notices')).body.notices).toEqual(['Stays.']);
    afterwards = async (req) => {
      if (hasNotice) addNotice(req, 'Gone.');
      await new Promise<unknown>((resolve) => req.session.destroy(resolve));
      return { session: req.session };
    };
    const last = await browser.post('/go-on');
    expect([last.body, sidsOf(last).length]).toEqual([{}, 2]);
    expect(await storedSessions(app)).toEqual({});
    expect(destroy.mock.calls.map(([id]) => typeof id)).toEqual(Array(4).fill('string'));
  },
);

test('somebody else logs in within the same request', async () => {
  const { browser, old } = await loggedIn();
  const destroy = jest.spyOn(app.sessions, 'destroy');
  afterwards = (req) => app.mfa.startLogin(req, 'nobody enrolled');
  expect((await browser.post('/go-on')).body).toMatchObject({ status: 'complete' });
  expect((await browser.get('/whoami')).body).toEqual({ userId: 'nobody enrolled' });
  expect((await old.get('/whoami')).body).toEqual({ userId: null });
  expect(destroy.mock.calls.map(([id]) => typeof id)).toEqual(['string', 'string']);
});

test('a second log-out, and a guard, in the same request find a guest', async () => {
  const { browser } = await loggedIn();
  afterwards = async (req) => {
    await app.mfa.logOut(req);
    return app.mfa.check(req);
  };
  const answer = await browser.post('/go-on');
  expect(answer.body).toMatchObject({ ok: false, errorType: 'UNAUTHENTICATED' });
  expect(await storedSessions(app)).toEqual({});
});

test('Passport logs out after it, and in again', async () => {
  const passport = new Passport();
  passport.serializeUser((_user, done) => done(null, 'P'));
  passport.deserializeUser((_id, done) => done(null, { userId: 'P' }));
  const { browser } = await loggedIn({
    beforeRoutes: (host) => void host.use(passport.initialize(), passport.session()),
  });
  const done = (call: (done: (error?: unknown) => void) => void) =>
    new Promise<void>((resolve, reject) => call((error) => (error ? reject(error) : resolve())));
  afterwards = (req) => done((end) => req.logout(end));
  expect((await browser.post('/go-on')).status).toBe(200);
  afterwards = (req) => done((end) => req.login({ userId: 'P' }, end));
  expect((await browser.post('/go-on')).status).toBe(200);
  expect((await app.sessionOf(browser)).passport).toEqual({ user: 'P' });
});

test('where the session cannot be removed there is none on the request, and the old one stays', async () => {
  const { browser } = await loggedIn();
  jest.spyOn(app.sessions, 'destroy').mockImplementationOnce(async (_id, done) => {
    done?.(new Error('destroy failed'));
  });
  const answer = await browser.post('/go-on');
  expect([answer.status, sidsOf(answer)]).toEqual([503, []]);
  expect(app.errors.splice(0)).toMatchObject([{ code: 'session_failed' }]);
  expect((await browser.get('/private')).status).toBe(200);
});

test('where the others cannot be ended there is none either: the log-out has failed', async () => {
  const { browser, old } = await loggedIn();
  jest.spyOn(app.store, 'put').mockRejectedValue(new Error('no put'));
  let left: unknown = 'not asked';
  afterwards = () => undefined;
  app.app.post('/everywhere', async (req, res) => {
    await app.mfa.logOut(req, { everywhere: true }).catch(() => {
      left = req.session;
    });
    res.json({});
  });
  await browser.post('/everywhere', {});
  expect(left).toBeUndefined();
  expect(app.errors.splice(0)).toMatchObject([{ code: 'store_unavailable' }]);
  expect((await old.get('/private')).status).toBe(401);
});

test('where no new session can be made there is none on the request: the log-out has happened all the same', async () => {
  let isBroken = false;
  const genid = () => {
    if (isBroken) throw new Error('no randomness');
    return `${Math.random()}`.slice(2);
  };
  const { browser, old } = await loggedIn({ session: { genid } });
  afterwards = (req) => {
    isBroken = false;
    return { session: req.session };
  };
  isBroken = true;
  expect((await browser.post('/go-on')).body).toEqual({});
  expect((await old.get('/private')).status).toBe(401);
  expect(app.errors.splice(0)).toEqual([new Error('no randomness')]);
});
