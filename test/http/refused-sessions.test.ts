import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, jest, test } from '@jest/globals';
import express, { type RequestHandler } from 'express';
import { createMfaRouter, MfaConfigError, type MfaRouter } from 'express-mfa';
import session from 'express-session';
import { Browser } from '../app/browser.ts';
import { testKey } from '../app/create-test-app.ts';

const close: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  jest.restoreAllMocks();
  for (const end of close.splice(0)) await end();
});

/** A host whose sessions are made by `middleware`; `NODE_ENV` is what it is when the router is made. */
async function host(middleware: RequestHandler, realm: string, nodeEnv: string) {
  const errors: unknown[] = [];
  let reached = 0;
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = nodeEnv;
  let mfa: MfaRouter;
  try {
    mfa = createMfaRouter({
      issuer: 'Acme',
      keys: [testKey],
      store: { get: async () => undefined, put: async () => true, delete: async () => undefined },
      currentUserId: (req) => req.session?.userId ?? 'A',
      logIn: (req, userId) => void Object.assign(req.session, { userId }),
      accountName: () => 'name',
      onError: (error) => errors.push(error),
      realm,
    });
  } finally {
    process.env.NODE_ENV = before;
  }
  const app = express();
  app.use(middleware);
  app.use('/mfa', mfa);
  app.post('/login', (req, res) => {
    mfa.startLogin(req, 'A').then(
      (login) => res.json(login),
      (error) => res.status(500).json({ name: error.name, message: error.message }),
    );
  });
  app.get('/private', mfa.requireMfa({ unenrolled: 'allow' }), (_req, res) => {
    reached++;
    res.json({});
  });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  close.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  const browser = new Browser(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return { browser, errors, reached: () => reached };
}

async function expectRefused(
  { browser, errors, reached }: Awaited<ReturnType<typeof host>>,
  sentence: RegExp,
) {
  const login = await browser.post('/login');
  expect(login.body).toEqual({ name: 'MfaConfigError', message: expect.stringMatching(sentence) });
  for (const path of ['/private', '/mfa/totp/status']) {
    const response = await browser.get(path);
    expect([response.status, response.body.error_type]).toEqual([500, 'INTERNAL']);
    expect(response.headers['cache-control']).toBe('no-store');
    expect(response.text).not.toMatch(sentence);
  }
  expect(browser.cookie).toBe('');
  expect(reached()).toBe(0);
  expect(errors).toHaveLength(2);
  for (const error of errors) expect(error).toBeInstanceOf(MfaConfigError);
}

const memory = () => session({ name: 'sid', secret: 'x', resave: false, saveUninitialized: false });

test('IC-09 express-session’s MemoryStore is refused in production at the first request', async () => {
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
  await expectRefused(await host(memory(), 'memory-store', 'production'), /express-session a `store`/);
});

test('IC-09 elsewhere the MemoryStore will do', async () => {
  const app = await host(memory(), 'memory-store-in-development', 'development');
  expect((await app.browser.post('/login')).body.status).toBe('complete');
  expect((await app.browser.get('/private')).status).toBe(200);
  expect(app.errors).toEqual([]);
});

test.each(['production', 'development'])(
  'IC-09 a session without `regenerate`, as of cookie-session, is refused at the first request (%s)',
  async (nodeEnv) => {
    const likeCookieSession: RequestHandler = (req, _res, next) => {
      Object.assign(req, { session: { isNew: true, userId: 'A' } });
      next();
    };
    await expectRefused(await host(likeCookieSession, `cookie-${nodeEnv}`, nodeEnv), /Use express-session/);
  },
);
