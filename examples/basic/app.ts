import express, { type Express } from 'express';
import { createMfaRouter } from 'express-mfa';
import session from 'express-session';
import { accountRoutes } from './account.ts';
import { bodies } from './bodies.ts';
import type { Databases } from './databases.ts';
import { answerErrors } from './errors.ts';
import { home } from './home.ts';
import { loginRoutes } from './login.ts';
import { mailNews, type SendMail } from './mails.ts';
import { passwordResetRoutes } from './password-reset.ts';
import type { Secrets } from './secrets.ts';
import { sessionUserId } from './session-user.ts';
import { styleSheet } from './style.ts';
import { createUsers } from './users.ts';
import { within } from './within.ts';

export interface AppOptions {
  readonly databases: Databases;
  readonly secrets: Secrets;
  readonly sendMail: SendMail;
  /** A clock for tests. */
  readonly now?: () => number;
}

/** The whole app, not listening yet. */
export function createApp({ databases, secrets, sendMail, now }: AppOptions) {
  const { records, sessions, accounts } = databases;
  const users = createUsers(records);

  const mfa = createMfaRouter({
    issuer: 'Example',
    keys: [secrets.mfaKey],
    store: accounts,
    currentUserId: sessionUserId,
    logIn(req, userId) {
      req.session.user = { id: userId };
    },
    async accountName(userId) {
      return (await users.byId(userId))?.email ?? userId;
    },
    verifyPassword: users.passwordMatches,
    loginPath: '/login',
    homePath: '/account',
    ...(now && { now }),
  });
  mailNews({ mfa, users, sendMail });

  const app = express();
  useSession(app, { store: sessions, secret: secrets.sessionSecret });
  app.use('/mfa', mfa);
  app.get('/app.css', styleSheet);
  app.use(bodies);
  app.get('/', home({ users, mfa }));
  app.use(loginRoutes({ users, mfa }));
  app.use(passwordResetRoutes({ users, mfa, records, sendMail }));
  app.use(accountRoutes({ users, mfa }));
  app.use(answerErrors);
  return { app, mfa, users };
}

/** express-session as a login needs it. */
export function useSession(app: Express, { store, secret }: { store: session.Store; secret: string }) {
  const production = process.env.NODE_ENV === 'production';
  app.disable('x-powered-by');
  // A `secure` cookie needs to know that the proxy in front of the app was reached by HTTPS.
  if (production) app.set('trust proxy', 1);
  const sessions = session({
    name: 'sid',
    secret,
    store,
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure: production, maxAge: 8 * 3_600_000 },
  });
  const middleware = within(1_800, sessions);
  app.use(middleware);
  return middleware;
}
