import express, { type ErrorRequestHandler, type Request, type RequestHandler } from 'express';
import { createMfaRouter } from 'express-mfa';
import { type AppOptions, useSession } from '../basic/app.ts';
import { bodies } from '../basic/bodies.ts';
import { answerErrors, statusOf } from '../basic/errors.ts';
import { goOn, goOnWith, shown, wantsPage } from '../basic/faces.ts';
import { returnTo } from '../basic/login-pages.ts';
import { sendPage } from '../basic/pages.ts';
import { styleSheet } from '../basic/style.ts';
import { createUsers } from '../basic/users.ts';
import { accountPage, page } from './pages.ts';
import type { Provider } from './provider-strategy.ts';
import { createRememberMe } from './remember-me.ts';
import { createPassport } from './strategies.ts';

/** An app that logs in by Passport, in more than one way. All of them end in `firstStep`. */
export function createApp({
  databases,
  secrets,
  provider,
  now,
}: Omit<AppOptions, 'sendMail'> & { provider: Provider }) {
  const { records, sessions, accounts } = databases;
  const users = createUsers(records);
  const passport = createPassport({ users, records, provider });

  const mfa = createMfaRouter({
    issuer: 'Example',
    keys: [secrets.mfaKey],
    store: accounts,
    currentUserId: (req) => req.user?.userId,
    // Passport gives the session a new id of its own here, which is fine.
    logIn: (req, userId) => logIn(req, { userId }),
    accountName: async (userId) => (await users.byId(userId))?.email ?? userId,
    verifyPassword: users.passwordMatches,
    loginPath: '/login',
    homePath: '/account',
    ...(now && { now }),
  });
  const rememberMe = createRememberMe({ mfa, records });

  /** What follows every strategy. Before: `res.redirect('/account')`, and Passport had logged the user in. */
  function firstStep(via: string): RequestHandler {
    return async (req, res) => {
      if (!req.user) return void res.sendStatus(401);
      const { userId } = req.user;
      const login = await mfa.startLogin(req, userId, { via, returnTo: returnTo(req) });
      if (wantsToBeRemembered(req)) await rememberMe.remember(res, userId);
      goOnWith(req, res, login);
    };
  }

  const app = express();
  useSession(app, { store: sessions, secret: secrets.sessionSecret });
  app.use(passport.session());
  app.use('/mfa', mfa);
  app.get('/app.css', styleSheet);
  app.use(bodies);

  // `session: false`: it is not Passport who logs the user in, but `startLogin`, once nothing is missing.
  const options = { session: false, failWithError: true };
  app.get('/login', shown(page));
  app.post('/login', passport.authenticate('local', options), firstStep('password'));
  app.get('/login/provider', passport.authenticate('provider', options), firstStep('provider'));
  app.use('/login', loginRefused);
  app.post('/log-out', async (req, res) => {
    await rememberMe.forget(req, res);
    await mfa.logOut(req);
    goOn(req, res, { to: '/login', json: { message: 'You are logged out.' } });
  });

  app.use(rememberMe.comeBack);
  app.get('/', (_req, res) => res.redirect('/account'));
  app.get('/account', mfa.requireMfa({ unenrolled: 'allow' }), (req, res) => {
    const user = req.user?.userId;
    if (wantsPage(req)) sendPage(res, accountPage(user));
    else res.json({ user });
  });
  app.use(answerErrors);
  return { app, mfa, users };
}

/** Passport's bare "Unauthorized" would be a dead end: a browser sees the login again. */
const loginRefused: ErrorRequestHandler = async (error, req, res, next) => {
  const status = statusOf(error);
  if (status >= 500 || !wantsPage(req)) return next(error);
  sendPage(res, await page(req, 'That login was not right. Please try again.'), status);
};

function wantsToBeRemembered({ body }: Request): boolean {
  return body?.remember === true || body?.remember === 'true';
}

/** Passport's `req.login` as a promise. */
function logIn(req: Request, user: Express.User): Promise<void> {
  return new Promise((resolve, reject) => {
    req.login(user, (error: unknown) => (error ? reject(error) : resolve()));
  });
}
