import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express, { type RequestHandler } from 'express';
import { createMfaRouter, type MfaRouter, memoryMfaStore } from 'express-mfa';
import session, { MemoryStore } from 'express-session';

/** A member of Object.prototype, for as long as the parent says so. */
export interface Pollution {
  readonly name: string;
  readonly value: unknown;
  readonly enumerable: boolean;
}

declare module 'express-session' {
  interface SessionData {
    userId: string | number;
  }
}

let time = Date.now();
const store = memoryMfaStore();
const settings = {
  issuer: 'Acme',
  keys: [randomBytes(32).toString('base64')],
  store,
  currentUserId: (req: express.Request) => req.session.userId,
  logIn: (req: express.Request, userId: string | number) => {
    req.session.userId = userId;
  },
  accountName: String,
  onError: () => undefined,
  now: () => time,
};

/** All that a host has of a router. */
function host(mfa: MfaRouter): RequestHandler {
  const app = express.Router();
  const reached: RequestHandler = (_req, res) => void res.json({ reached: true });
  app.use('/mfa', mfa);
  app.get('/private', mfa.requireMfa(), reached);
  app.get('/sensitive', mfa.requireMfa({ maxAge: 60_000 }), reached);
  app.get('/lenient', mfa.requireMfa({ unenrolled: 'allow' }), reached);
  app.post('/login', (req, res, next) => {
    mfa.startLogin(req, 'A').then(({ status }) => res.json({ status }), next);
  });
  return app;
}

const early = createMfaRouter({ ...settings, path: '/early/mfa' });
let late: RequestHandler | undefined;

const sessions = new MemoryStore();
let kept: object | undefined;
const app = express();
app.use(
  session({ store: sessions, secret: 'of the tests', resave: false, saveUninitialized: false, name: 'sid' }),
);
// What the libraries beneath us do by themselves under it.
app.post('/baseline', (req, res) => {
  const [user] = [req.session.userId ?? null];
  const headers = Object.entries(req.headers).filter(
    ([name]) => Object.hasOwn(req.headers, name) && name !== 'host' && name !== 'cookie',
  );
  res.json({ user, headers: headers.map(([name, value]) => `${name}: ${value}`).sort() });
});
app.post('/forgetful-login', (req, res) => {
  req.session.userId = 'N';
  res.json({});
});
app.post('/time', (_req, res) => {
  time += 90_000;
  res.json({});
});
app.use('/early', host(early));
app.use('/late', (req, res, next) => (late ? late(req, res, next) : res.status(503).json({})));
app.use(((_error, _req, res, _next) => void res.status(503).json({})) satisfies express.ErrorRequestHandler);

process.once('disconnect', () => process.exit());
const server = app.listen(0, '127.0.0.1');
await once(server, 'listening');

let polluted: string | undefined;
process.on('message', (pollution: Partial<Pollution>) => {
  if (polluted !== undefined) Reflect.deleteProperty(Object.prototype, polluted);
  // Under some names express-session loses them.
  kept ??= { ...Reflect.get(sessions, 'sessions') };
  Reflect.set(sessions, 'sessions', Object.assign(Object.create(null), kept));
  const { name, value, enumerable } = {
    name: undefined,
    value: undefined,
    enumerable: undefined,
    ...pollution,
  };
  polluted = name;
  if (name !== undefined) {
    const descriptor = Object.assign(Object.create(null), {
      value,
      enumerable,
      configurable: true,
      writable: true,
    });
    Object.defineProperty(Object.prototype, name, descriptor);
  }
  late = undefined;
  try {
    late = host(createMfaRouter({ ...settings, path: '/late/mfa' }));
  } catch {
    // Then nothing is open there.
  }
  process.send?.('done');
});
const enrolled = await early.service.importTotp('A', 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', {
  encoding: 'base32',
});
process.send?.({ port: (server.address() as AddressInfo).port, enrolled: enrolled.ok, now: time });
