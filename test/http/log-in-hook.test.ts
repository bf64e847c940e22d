import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { MfaOptions } from 'express-mfa';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { importUser } from '../app/imported-user.ts';
import { loggedInSessions } from '../app/stored-sessions.ts';
import { watchAnswers } from '../app/watch-answers.ts';

type LogIn = MfaOptions['logIn'];

const answers = watchAnswers();
const asUsual: LogIn = (req, userId) => {
  req.session.userId = userId;
};
let logIn: LogIn = asUsual;
let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({
    before: answers.watch,
    mfa: { logIn: (...call) => logIn(...call), preserveSession: ['cart'] },
  });
});
afterEach(() => {
  logIn = asUsual;
  app.errors.length = 0;
  answers.check();
});
afterAll(() => app.close());

const failure = new Error('thrown by logIn');
function throwIt(reason: unknown): never {
  throw reason;
}
const hooks: Record<string, LogIn> = {
  throws: () => throwIt(failure),
  'throws after it has logged in'(req, userId) {
    req.session.userId = userId;
    throw failure;
  },
  'rejects later': async (req, userId) => {
    req.session.userId = userId;
    await new Promise((resolve) => setImmediate(resolve));
    throw failure;
  },
  'logs nobody in': () => undefined,
  'logs somebody else in'(req) {
    req.session.userId = 'somebody else';
  },
  'destroys the session': (req) => new Promise<void>((resolve) => void req.session.destroy(() => resolve())),
  'sets the session to null'(req) {
    Object.assign(req, { session: null });
  },
  'gives data that is no JSON'(req, userId) {
    req.session.userId = userId;
    return { data: { balance: { toJSON: () => throwIt(failure) } } };
  },
  'saves the session, then throws': async (req, userId) => {
    req.session.userId = userId;
    await new Promise((resolve) => void req.session.save(resolve));
    throw failure;
  },
};

describe.each(Object.entries(hooks))('a `logIn` that %s', (name, hook) => {
  test('SU-07 at the second step: 503, nobody is logged in, the host is told', async () => {
    const user = `second ${name}`;
    const authenticator = await importUser(app, user);
    const browser = await app.pending(user);
    await browser.post('/session', { cart: ['book'] });
    const old = browser.copy();
    logIn = hook;
    const response = await browser.post('/mfa/totp/verify', { code: authenticator.code() });
    expect(response.status).toBe(503);
    expect(response.body.error_type).toBe('UNAVAILABLE');
    expect(response.text).not.toContain('thrown by');
    expect(response.headers['set-cookie']).toBeUndefined();
    expect(answers.takeFaults()).toEqual(['POST /mfa/totp/verify: 503']);
    expect(app.errors).toHaveLength(1);

    await expectNobodyLoggedIn(user);
    expect(await app.sessionOf(old)).toBeUndefined();
    logIn = asUsual;
    app.clock.nextStep(2);
    const again = await old.post('/mfa/totp/verify', { code: authenticator.code() });
    expect(again.body.error_type).toBe('NO_PENDING_LOGIN');
    expect((await (await app.full(user, authenticator)).get('/private')).status).toBe(200);
  });

  test('SU-07 at a first step that was all: 503, nobody is logged in, the host is told', async () => {
    const user = `first ${name}`;
    const browser = app.browser();
    logIn = hook;
    const response = await browser.post('/login', { user, password: `password of ${user}` });
    expect(response.status).toBe(503);
    expect(response.headers['set-cookie']).toBeUndefined();
    expect(answers.takeFaults()).toEqual(['POST /login: 503']);
    expect(app.errors).toHaveLength(1);
    await expectNobodyLoggedIn(user);
  });
});

async function expectNobodyLoggedIn(user: string): Promise<void> {
  // Removals that nobody waits for were sent before this is, on the same connection.
  expect(await loggedInSessions(app, user)).toBe(0);
  expect(await loggedInSessions(app, 'somebody else')).toBe(0);
}

test('SF-04 a `logIn` that hangs: 503 in time, and what it does later logs nobody in', async () => {
  const authenticator = await importUser(app, 'hangs');
  const browser = await app.pending('hangs');
  const gate = new EventTarget();
  const late = once(gate, 'done');
  logIn = async (req, userId) => {
    await once(gate, 'go on');
    try {
      req.session.userId = userId;
    } finally {
      gate.dispatchEvent(new Event('done'));
    }
  };
  const response = await browser.post('/mfa/totp/verify', { code: authenticator.code() });
  expect(response.status).toBe(503);
  expect(response.headers['set-cookie']).toBeUndefined();
  expect(answers.takeFaults()).toEqual(['POST /mfa/totp/verify: 503']);
  gate.dispatchEvent(new Event('go on'));
  await late;
  await expectNobodyLoggedIn('hangs');
  expect((await browser.get('/whoami')).body).toEqual({ userId: null });
});

test('SU-19 what `logIn` puts in the place of a preserved key stays', async () => {
  const authenticator = await importUser(app, 'merges');
  const browser = await app.pending('merges');
  await browser.post('/session', { cart: ['book'] });
  logIn = (req, userId) => {
    req.session.userId = userId;
    req.session.cart = [...(req.session.cart ?? []), 'of the user'];
  };
  expect((await browser.post('/mfa/totp/verify', { code: authenticator.code() })).status).toBe(200);
  expect((await app.sessionOf(browser)).cart).toEqual(['book', 'of the user']);
});

test('SU-19 a forged `mfa` that `logIn` writes is overwritten', async () => {
  const browser = app.browser();
  logIn = (req, userId) => {
    const forged = { userId, authenticatedAt: 0, verifiedAt: app.clock.now(), amr: ['mfa'], epoch: '' };
    Object.assign(req.session, { userId, mfa: forged });
  };
  await browser.post('/login', { user: 'forger', password: 'password of forger' });
  expect((await app.sessionOf(browser)).mfa).toEqual({
    userId: 'forger',
    authenticatedAt: app.clock.now(),
    amr: ['pwd'],
    proofs: [],
    epoch: '',
  });
});

const reasons: readonly [string, unknown][] = [
  ['nothing', undefined],
  ['a text', 'deadline_exceeded'],
  [
    'an error of its own with a code of ours',
    Object.assign(new Error('slow'), { code: 'deadline_exceeded' }),
  ],
  ['an object with a code of ours', { code: 'deadline_exceeded' }],
];

describe.each(reasons)('a `logIn` that fails with %s', (what, reason) => {
  const ways: Record<string, (req: Parameters<LogIn>[0], userId: string | number) => ReturnType<LogIn>> = {
    rejects: () => Promise.reject(reason),
    'gives data that cannot be told'(req, userId) {
      req.session.userId = userId;
      return { data: { toJSON: () => throwIt(reason) } };
    },
  };
  test.each(Object.entries(ways))(
    'SU-07 it %s: the host hears that, and the session is gone',
    async (name, way) => {
      const user = `${name} ${what}`;
      const authenticator = await importUser(app, user);
      const browser = await app.pending(user);
      const sessions: unknown[] = [];
      logIn = (req, userId) => {
        req.res?.on('finish', () => sessions.push(req.session));
        return way(req, userId);
      };
      const second = await browser.post('/mfa/totp/verify', { code: authenticator.code() });
      expect([second.status, second.body.error_type]).toEqual([503, 'UNAVAILABLE']);
      const first = await app.browser().post('/login', { user: 'N', password: 'password of N' });
      expect([first.status, first.body.error]).toEqual([503, 'MfaError']);
      expect(first.body.code).not.toBe('deadline_exceeded');
      expect(answers.takeFaults()).toEqual(['POST /mfa/totp/verify: 503', 'POST /login: 503']);
      expect(app.errors).toEqual([reason, reason]);
      expect(sessions).toEqual([undefined, undefined]);
      await expectNobodyLoggedIn(user);
      await expectNobodyLoggedIn('N');
    },
  );
});
