import express, { type Request, type RequestHandler } from 'express';
import { createMfaRouter } from 'express-mfa';
import { type AppOptions, useSession } from '../basic/app.ts';
import { answerErrors } from '../basic/requests.ts';
import { createUsers } from '../basic/users.ts';
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
    ...(now && { now }),
  });
  const rememberMe = createRememberMe({ mfa, records });

  /** What follows every strategy. Before: `res.redirect('/account')`, and Passport had logged the user in. */
  function firstStep(via: string): RequestHandler {
    return async (req, res) => {
      if (!req.user) return void res.sendStatus(401);
      const { userId } = req.user;
      const login = await mfa.startLogin(req, userId, { via });
      if (req.body?.remember === true) await rememberMe.remember(res, userId);
      res.json(login);
    };
  }

  const app = express();
  useSession(app, { store: sessions, secret: secrets.sessionSecret });
  app.use(passport.session());
  app.use('/mfa', mfa);
  app.use(express.json({ limit: '10kb' }));

  // `session: false`: it is not Passport who logs the user in, but `startLogin`, once nothing is missing.
  app.post('/login', passport.authenticate('local', { session: false }), firstStep('password'));
  app.get('/login/provider', passport.authenticate('provider', { session: false }), firstStep('provider'));
  app.post('/log-out', async (req, res) => {
    await rememberMe.forget(req, res);
    await mfa.logOut(req);
    res.json({ message: 'You are logged out.' });
  });

  app.use(rememberMe.comeBack);
  app.get('/account', mfa.requireMfa({ unenrolled: 'allow' }), (req, res) => {
    res.json({ user: req.user?.userId });
  });
  app.use(answerErrors);
  return { app, mfa, users };
}

/** Passport's `req.login` as a promise. */
function logIn(req: Request, user: Express.User): Promise<void> {
  return new Promise((resolve, reject) => {
    req.login(user, (error: unknown) => (error ? reject(error) : resolve()));
  });
}
