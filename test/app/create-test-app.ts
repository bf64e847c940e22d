import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { RedisStore } from 'connect-redis';
import express, { type ErrorRequestHandler, type Express } from 'express';
import {
  createMfaRouter,
  type MfaEvent,
  type MfaOptions,
  type MfaRouter,
  type MfaStore,
  redisMfaStore,
} from 'express-mfa';
import { enrol, type TestAuthenticator } from 'express-mfa/testing';
import session, { type SessionOptions } from 'express-session';
import { openStore } from '../stores/open-store.ts';
import { storeKindOfRun } from '../stores/store-kind.ts';
import { Browser } from './browser.ts';
import { makeBcryptCheap } from './cheap-bcrypt.ts';
import { type Clock, createClock } from './clock.ts';
import { createTestRedis, type TestRedis } from './create-test-redis.ts';
import { hostRoutes } from './host-routes.ts';

declare module 'express-session' {
  interface SessionData {
    userId: string | number;
    cart: string[];
    isAdmin: boolean;
    visits: number;
  }
}

/** A host app with the library in it, on a real port and a real Redis. */
export interface TestApp {
  readonly url: string;
  readonly app: Express;
  readonly mfa: MfaRouter;
  readonly clock: Clock;
  /** The account store, for spies. */
  readonly store: MfaStore;
  /** The session store, for spies. */
  readonly sessions: RedisStore;
  readonly redis: TestRedis;
  /** What this app's keys begin with. */
  readonly prefix: string;
  /** Every event so far, in order. */
  readonly events: MfaEvent[];
  /** What `onError` was told. */
  readonly errors: unknown[];
  /** How often a handler behind a guard ran. */
  readonly reached: () => number;
  /** Lets the requests to `/slow` go on. */
  readonly releaseSlow: () => void;
  browser(headers?: Readonly<Record<string, string>>): Browser;
  /** Enrols a user with an authenticator and ten backup codes. */
  enrol(user: string | number): Promise<TestAuthenticator>;
  /** A browser in which the user's password was given: pending, or logged in if not enrolled. */
  pending(user: string): Promise<Browser>;
  /** A browser in which both steps were done. Uses up a code of the authenticator. */
  full(user: string, authenticator: TestAuthenticator): Promise<Browser>;
  /** The stored account, parsed; undefined where there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into every corner of the record.
  state(user: string | number): Promise<any>;
  /** The stored account to the letter, version and data, to compare before and after. */
  rawState(user: string | number): Promise<string | null>;
  /** Writes what `rawState` gave, or anything else in its place; null removes it. */
  writeRawState(user: string | number, raw: string | null): Promise<void>;
  /** The stored session of a browser, parsed; undefined where there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into every corner of the session.
  sessionOf(browser: Browser): Promise<any>;
  close(): Promise<void>;
}

/** What a test may set differently. */
export interface TestAppOptions {
  readonly mfa?: Partial<MfaOptions>;
  readonly session?: Partial<SessionOptions>;
  /** Default: the Redis of the whole run. */
  readonly redisUrl?: string;
  /** Default: a new one. Two apps with the same prefix and key are two processes of one app. */
  readonly prefix?: string;
  readonly clock?: Clock;
  /** A host that gives the library no way to check passwords. */
  readonly withoutVerifyPassword?: boolean;
  /** For tests of what bcrypt costs, or stores: elsewhere it does little. One choice for a file. */
  readonly realBcrypt?: boolean;
  /** Middlewares and routes before everything else. */
  readonly before?: (app: Express) => void;
  /** Middlewares between the session and the routes. */
  readonly beforeRoutes?: (app: Express, mfa: MfaRouter) => void;
  /** Routes after everything else. */
  readonly after?: (app: Express, mfa: MfaRouter) => void;
}

const verifyPassword = (userId: string | number, password: string) => password === `password of ${userId}`;

export const testKey = randomBytes(32).toString('base64');

/** Users are named by letters; the password of `A` is `password of A`. Numbers are ids like any other. */
export async function createTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  if (!options.realBcrypt) makeBcryptCheap();
  const redis = createTestRedis(options.redisUrl);
  await redis.connect();
  const prefix = options.prefix ?? `test:${randomBytes(6).toString('hex')}:`;
  const clock = options.clock ?? createClock();
  const kind = storeKindOfRun();
  const name = `${prefix}mfa:`;
  const accounts =
    kind === 'redis'
      ? { createStore: () => redisMfaStore(redis, { prefix: name }), close: async () => undefined }
      : await openStore(kind, { name });
  const store = options.mfa?.store ?? accounts.createStore();
  // For looking behind the library's back: spies and interruptions are on the other one.
  const records = accounts.createStore();
  const sessions = new RedisStore({ client: redis, prefix: `${prefix}sess:` });
  const events: MfaEvent[] = [];
  const errors: unknown[] = [];
  const mfa = createMfaRouter({
    issuer: 'Acme',
    keys: [testKey],
    store,
    currentUserId: (req) => req.session.userId,
    logIn(req, userId) {
      req.session.userId = userId;
    },
    accountName: (userId) => `${userId}@example.com`,
    ...(options.withoutVerifyPassword ? {} : { verifyPassword }),
    now: clock.now,
    onError: (error) => errors.push(error),
    ...options.mfa,
  });
  mfa.service.events.on('*', (event) => events.push(event));

  const app = express();
  options.before?.(app);
  app.use(
    session({
      name: 'sid',
      secret: 'a secret of the tests',
      resave: false,
      saveUninitialized: false,
      store: sessions,
      ...options.session,
    }),
  );
  options.beforeRoutes?.(app, mfa);
  const host = hostRoutes(app, mfa);
  options.after?.(app, mfa);
  const asJson: ErrorRequestHandler = (error, _req, res, _next) => {
    res.status(error.status ?? 500).json({ error: error.name, code: error.code });
  };
  app.use(asJson);
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const browser = (headers?: Readonly<Record<string, string>>): Browser => new Browser(url, headers);
  async function pending(user: string): Promise<Browser> {
    const visitor = browser();
    await visitor.post('/login', { user, password: `password of ${user}` });
    return visitor;
  }
  async function rawState(user: string | number): Promise<string | null> {
    const stored = await records.get(String(user));
    return stored ? `${stored.version}\n${stored.data}` : null;
  }

  return {
    url,
    app,
    mfa,
    clock,
    store,
    sessions,
    redis,
    prefix,
    events,
    errors,
    ...host,
    browser,
    enrol: (user) => enrol(mfa, user, { now: clock.now }),
    pending,
    async full(user, authenticator) {
      const visitor = await pending(user);
      const response = await visitor.post('/mfa/totp/verify', { code: authenticator.code() });
      if (response.status !== 200) throw new Error(`The login failed: ${response.text}`);
      return visitor;
    },
    rawState,
    async writeRawState(user, raw) {
      await records.delete(String(user));
      if (raw === null) return;
      const [version = '', ...data] = raw.split('\n');
      await records.put(String(user), { version, data: data.join('\n'), enrolled: true }, undefined);
    },
    async state(user) {
      const raw = await rawState(user);
      return raw === null ? undefined : JSON.parse(raw.slice(raw.indexOf('\n') + 1));
    },
    async sessionOf(visitor) {
      const raw = await redis.get(`${prefix}sess:${visitor.sessionId}`);
      return raw === null ? undefined : JSON.parse(raw);
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      redis.destroy();
      await accounts.close();
    },
  };
}
