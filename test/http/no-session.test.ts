import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import express, { type ErrorRequestHandler, type Express } from 'express';
import { createMfaRouter, type MfaRouter, memoryMfaStore } from 'express-mfa';
import { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp, testKey } from '../app/create-test-app.ts';
import { importUser } from '../app/imported-user.ts';

const unavailable = {
  success: false,
  message: 'The second step is not available at the moment.',
  error_type: 'UNAVAILABLE',
};
let nextCalled = 0;

/** Everything that a host may call, beside the routes and the guard of the test app. */
function memberRoutes(app: Express, mfa: MfaRouter): void {
  const answer =
    (call: (req: express.Request) => Promise<unknown>): express.RequestHandler =>
    (req, res, next) => {
      call(req).then((result) => res.json({ result }), next);
    };
  app.get('/guarded', mfa.requireMfa({ unenrolled: 'allow' }), (_req, res) => {
    nextCalled++;
    res.json({});
  });
  app.get(
    '/check',
    answer((req) => mfa.check(req, { unenrolled: 'allow' })),
  );
  app.get(
    '/pending-login',
    answer((req) => mfa.pending(req)),
  );
  app.get(
    '/finish',
    answer((req) => mfa.finishLogin(req, { code: '123456' })),
  );
  app.get(
    '/start',
    answer((req) => mfa.startLogin(req, 'A')),
  );
  app.get(
    '/end',
    answer((req) => mfa.logOut(req, { everywhere: true })),
  );
  const asJson: ErrorRequestHandler = (error, _req, res, _next) => {
    res.status(error.status ?? 500).json({ error: error.name, code: error.code });
  };
  app.use(asJson);
}

async function expectEverythingUnavailable(browser: Browser): Promise<void> {
  const routes = [
    browser.get('/mfa/totp/status'),
    browser.get('/guarded'),
    ...['enroll', 'verify-enrollment', 'verify', 'disable', 'regenerate-backup-codes'].map((route) =>
      browser.post(`/mfa/totp/${route}`, { code: '123456' }),
    ),
  ];
  for (const response of await Promise.all(routes)) {
    expect(response.status).toBe(503);
    expect(response.body).toEqual(unavailable);
    expect(response.headers['cache-control']).toBe('no-store');
    expect(response.headers['set-cookie']).toBeUndefined();
  }
  expect((await browser.get('/check')).body.result).toMatchObject({ ok: false, status: 503 });
  expect((await browser.get('/finish')).body.result).toEqual({
    ok: false,
    status: 503,
    errorType: 'UNAVAILABLE',
  });
  for (const path of ['/pending-login', '/start', '/end']) {
    const response = await browser.get(path);
    expect(response.status).toBe(503);
    expect(response.body).toEqual({ error: 'MfaError', code: 'session_unavailable' });
  }
  expect(nextCalled).toBe(0);
}

afterEach(() => {
  nextCalled = 0;
});

describe('an app without express-session', () => {
  let server: Server;
  const errors: unknown[] = [];
  beforeAll(async () => {
    const mfa = createMfaRouter({
      issuer: 'Acme',
      keys: [testKey],
      store: memoryMfaStore(),
      currentUserId: () => 'A',
      logIn: () => undefined,
      accountName: () => 'a@example.com',
      now: Date.now,
      onError: (error) => errors.push(error),
    });
    const app = express();
    app.use('/mfa', mfa);
    memberRoutes(app, mfa);
    server = app.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  test('SU-14 gets 503 from everything, and no handler behind the guard is reached', async () => {
    await expectEverythingUnavailable(
      new Browser(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    );
    expect(errors).toMatchObject([{ code: 'session_unavailable' }]);
  });
});

describe('an app whose session store is disconnected', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await createTestApp({ after: memberRoutes });
  });
  afterAll(() => app.close());

  test('SU-14 gets 503 from everything, and goes on when the store is back', async () => {
    const authenticator = await importUser(app, 'A');
    const full = await app.full('A', authenticator);
    const state = await app.rawState('A');
    app.sessions.emit('disconnect');
    await expectEverythingUnavailable(full.copy());
    const login = await app.browser().post('/login', { user: 'A', password: 'password of A' });
    expect(login.status).toBe(503);
    expect(login.body).toEqual({ error: 'MfaError', code: 'session_unavailable' });
    expect(app.errors).toMatchObject([{ code: 'session_unavailable' }]);
    expect(await app.rawState('A')).toBe(state);

    app.sessions.emit('connect');
    expect((await full.get('/guarded')).status).toBe(200);
  });
});
