import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { createTestApp, type TestApp, type TestAppOptions } from '../app/create-test-app.ts';
import { importUser } from '../app/imported-user.ts';

let app: TestApp | undefined;
let warned: jest.SpiedFunction<typeof process.emitWarning>;
beforeEach(() => {
  warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await app?.close();
});

async function start(options: TestAppOptions = {}): Promise<TestApp> {
  app = await createTestApp(options);
  return app;
}

/** Exactly these warnings were given so far, all of our type. */
function expectWarnings(...sentences: RegExp[]): void {
  expect(warned.mock.calls).toEqual(
    sentences.map((sentence) => [expect.stringMatching(sentence), { type: 'ExpressMfaWarning' }]),
  );
}

const login = { user: 'N', password: 'password of N' };

test('an app in which everything is right is not warned', async () => {
  const { browser } = await start();
  const visitor = browser();
  await visitor.post('/login', login);
  await visitor.get('/mfa/totp/status');
  await visitor.get('/private');
  expectWarnings();
});

test('a secure cookie on a request that is not secure is said once', async () => {
  const { browser } = await start({ session: { cookie: { secure: true } } });
  expect((await browser().post('/login', login)).status).toBe(200);
  await browser().post('/login', login);
  expectWarnings(/cookie is `secure`.*`trust proxy`/);
});

test('with `trust proxy` and a proxy that says https, nothing is said', async () => {
  const { browser } = await start({
    before: (host) => host.set('trust proxy', 1),
    session: { cookie: { secure: true } },
  });
  const visitor = browser({ 'Sec-Fetch-Site': 'same-origin', 'X-Forwarded-Proto': 'https' });
  await visitor.post('/login', login);
  expect(visitor.cookie).not.toBe('');
  expectWarnings();
});

test('a `path` that is not where the router is mounted is said once', async () => {
  const { browser } = await start({ mfa: { path: '/account/mfa' } });
  await browser().get('/mfa/totp/status');
  await browser().get('/mfa/totp/status');
  expectWarnings(/mounted at '\/mfa'.*set `path`/);
});

test.each(['/mfa', '/mfa/'])('the path %s fits, and makes the same links', async (path) => {
  const { browser, mfa } = await start({ mfa: { path } });
  await importUser({ mfa, clock: (app as TestApp).clock }, 'A');
  const response = await browser().post('/login', { user: 'A', password: 'password of A' });
  expect(response.body.redirectTo).toBe('/mfa/challenge');
  await browser().get('/mfa/totp/status');
  expectWarnings();
});

test('session keys that a login drops are named once in development', async () => {
  const { browser, sessionOf } = await start({ mfa: { preserveSession: ['cart'] } });
  for (const isAdmin of [true, false]) {
    const visitor = browser();
    await visitor.post('/session', { cart: ['a book'], isAdmin, visits: 3 });
    await visitor.post('/login', login);
    const session = await sessionOf(visitor);
    expect([session.cart, session.isAdmin, session.visits]).toEqual([['a book'], undefined, undefined]);
  }
  expectWarnings(/`preserveSession` names; dropped: isAdmin, visits\.$/);
});

test('what Passport keeps, and what is ours, is dropped without a word', async () => {
  const { browser, sessionOf } = await start();
  const visitor = browser();
  await visitor.post('/session', { passport: {}, mfa: {}, 'mfa:admin': {} });
  await visitor.post('/login', login);
  expect(await sessionOf(visitor)).not.toHaveProperty('passport');
  expectWarnings();
});

test('secrets of CSRF middlewares and flash messages that were shown are dropped without a word; others are named', async () => {
  const { browser } = await start();
  const visitor = browser();
  const nothing = { csrfSecret: 'x', _csrf: 'x', 'XSRF-Token': 'x', flash: {} };
  await visitor.post('/session', nothing);
  await visitor.post('/login', login);
  expectWarnings();
  const other = browser();
  await other.post('/session', { ...nothing, flash: { info: ['saved'] }, csv: 1 });
  await other.post('/login', login);
  expectWarnings(/dropped: flash, csv\.$/);
});

test('a login over an earlier one says nothing of what it drops', async () => {
  const { browser } = await start();
  const visitor = browser();
  await visitor.post('/login', login);
  await visitor.post('/login', { user: 'M', password: 'password of M' });
  expectWarnings();
});

test('in production dropped session keys are not named: they may tell something', async () => {
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  try {
    const started = createTestApp({ mfa: { now: undefined as unknown as () => number, realm: 'quiet' } });
    app = await started;
  } finally {
    process.env.NODE_ENV = before;
  }
  const visitor = app.browser();
  await visitor.post('/session', { isAdmin: true });
  expect((await visitor.post('/login', login)).status).toBe(200);
  expectWarnings();
});

test('an app that takes the user of a pending login for logged in is told once, and the user stays out', async () => {
  const { browser, mfa, clock, reached } = await start();
  await importUser({ mfa, clock }, 'A');
  for (let time = 0; time < 2; time++) {
    const visitor = browser();
    await visitor.post('/login', { user: 'A', password: 'password of A' });
    await visitor.post('/session', { userId: 'A' });
    expect((await visitor.get('/private')).body.error_type).toBe('MFA_REQUIRED');
    expect((await visitor.get('/mfa/totp/status')).body.error_type).toBe('MFA_REQUIRED');
  }
  expect(reached()).toBe(0);
  expectWarnings(/second step is missing.*`startLogin`/);
});

test('each router says it for itself', async () => {
  const { browser } = await start({ mfa: { path: '/elsewhere' } });
  await browser().get('/mfa/totp/status');
  const other = await createTestApp({ mfa: { path: '/elsewhere' } });
  await other.browser().get('/mfa/totp/status');
  await other.close();
  expectWarnings(/mounted at/, /mounted at/);
});
