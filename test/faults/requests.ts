import express, { type Express, type Request, type RequestHandler } from 'express';
import type { MfaRouter } from 'express-mfa';
import type { Response } from 'supertest';
import type { Browser } from '../app/browser.ts';
import type { TestApp } from '../app/create-test-app.ts';
import { codeAt, importUser } from '../app/imported-user.ts';

/** A request that is ready to be sent, and how many sessions of its user are logged in before it is. */
interface ReadyRequest {
  readonly browser: Browser;
  readonly send: () => Promise<Response>;
  readonly loggedIn: 0 | 1;
}

/** Another one in every app: those of one user wait for each other when they hash codes. */
const userOf = ({ prefix }: TestApp) => `user-of-${prefix.split(':')[1]}`;
const passwordOf = (app: TestApp) => `password of ${userOf(app)}`;

/** Prepares a request with everything that comes before it. Each needs an app in which nobody is enrolled yet. */
type Prepare = (app: TestApp) => Promise<ReadyRequest>;

const full =
  (send: (browser: Browser, password: string) => Promise<Response>): Prepare =>
  async (app) => {
    const browser = await app.full(userOf(app), await importUser(app, userOf(app)));
    return { browser, send: () => send(browser, passwordOf(app)), loggedIn: 1 };
  };

const pending =
  (path: string): Prepare =>
  async (app) => {
    const authenticator = await importUser(app, userOf(app));
    const browser = await app.pending(userOf(app));
    return { browser, send: () => browser.post(path, { code: authenticator.code() }), loggedIn: 0 };
  };

const logIn =
  (enrolled: boolean): Prepare =>
  async (app) => {
    if (enrolled) await importUser(app, userOf(app));
    const browser = app.browser();
    await browser.post('/session', { visits: 1 });
    return {
      browser,
      send: () => browser.post('/login', { user: userOf(app), password: passwordOf(app) }),
      loggedIn: 0,
    };
  };

/** Every kind of request that goes to a store, by what it does. */
export const requests: Readonly<Record<string, Prepare>> = {
  status: full((browser) => browser.get('/mfa/totp/status')),
  guard: full((browser) => browser.get('/private')),
  'check by the host': full((browser) => browser.get('/check')),
  'pending by the host': async (app) => {
    await importUser(app, userOf(app));
    const browser = await app.pending(userOf(app));
    return { browser, send: () => browser.get('/pending'), loggedIn: 0 };
  },
  'first step': logIn(true),
  'first step without a second': logIn(false),
  'second step': pending('/mfa/totp/verify'),
  'second step by the host': pending('/finish'),
  'step-up': async (app) => {
    const authenticator = await importUser(app, userOf(app));
    const browser = await app.full(userOf(app), authenticator);
    app.clock.nextStep(2);
    const code = authenticator.code();
    return { browser, send: () => browser.post('/mfa/totp/verify', { code }), loggedIn: 1 };
  },
  'start of an enrolment': async (app) => {
    const browser = await app.pending(userOf(app));
    return {
      browser,
      send: () => browser.post('/mfa/totp/enroll', { password: passwordOf(app) }),
      loggedIn: 1,
    };
  },
  'end of an enrolment': async (app) => {
    const browser = await app.pending(userOf(app));
    const started = await browser.post('/mfa/totp/enroll', {});
    const code = codeAt(app, started.body.data);
    return { browser, send: () => browser.post('/mfa/totp/verify-enrollment', { code }), loggedIn: 1 };
  },
  disabling: full((browser, password) => browser.delete('/mfa/totp/disable', { password })),
  'new backup codes': full((browser, password) =>
    browser.post('/mfa/totp/regenerate-backup-codes', { password }),
  ),
  'log-out everywhere': full((browser) => browser.post('/log-out', { everywhere: true })),
};

/** What a host does with the members of the router, beside the routes of the test app. */
export function hostRequests(app: Express, mfa: MfaRouter): void {
  type Result = { readonly ok: boolean; readonly status?: number };
  const answer =
    (call: (req: Request) => Promise<Result>): RequestHandler =>
    (req, res, next) => {
      call(req).then((result) => res.status(result.status ?? 200).json(result), next);
    };
  app.get(
    '/check',
    answer((req) => mfa.check(req)),
  );
  app.post(
    '/finish',
    express.json(),
    answer((req) => mfa.finishLogin(req, req.body)),
  );
}
