import express, { Router } from 'express';
import { createMfaRouter, type MfaOptions } from 'express-mfa';
import { type AppOptions, useSession } from '../basic/app.ts';
import { bodies } from '../basic/bodies.ts';
import { answerErrors } from '../basic/errors.ts';
import { goOn, goOnWith, shown, submitted } from '../basic/faces.ts';
import { memoryKeyValue } from '../basic/key-value.ts';
import { loginPage, returnTo } from '../basic/login-pages.ts';
import { Refusal, textField } from '../basic/requests.ts';
import { styleSheet } from '../basic/style.ts';
import { createUsers } from '../basic/users.ts';
import { home, showInside } from './pages.ts';

declare module 'express-session' {
  interface SessionData {
    customerId: string;
    adminId: string;
  }
}

/**
 * Customers and admins in one app, from two tables that both count their ids from 1. With a realm of its own,
 * nothing that customer 1 has proven or stored is anything to admin 1.
 */
export function createApp({ databases, secrets, now }: Omit<AppOptions, 'sendMail'>) {
  const shared = {
    issuer: 'Example',
    keys: [secrets.mfaKey],
    store: databases.accounts,
    ...(now && { now }),
  };
  const app = express();
  useSession(app, { store: databases.sessions, secret: secrets.sessionSecret });
  app.get('/app.css', styleSheet);
  app.get('/', home);

  const customers = createRealm({
    ...shared,
    realm: 'customers',
    path: '/shop/mfa',
    loginPath: '/shop/login',
    homePath: '/shop/orders',
    currentUserId: (req) => req.session.customerId,
    logIn(req, userId) {
      req.session.customerId = userId;
    },
  });
  // A second step is each customer's own choice.
  customers.routes.get('/orders', customers.mfa.requireMfa({ unenrolled: 'allow' }), (req, res) => {
    showInside(req, res, { title: 'Your orders', json: { customer: req.session.customerId } });
  });
  app.use('/shop', customers.routes);

  const admins = createRealm({
    ...shared,
    issuer: 'Example staff',
    realm: 'admins',
    path: '/admin/mfa',
    loginPath: '/admin/login',
    homePath: '/admin/customers',
    currentUserId: (req) => req.session.adminId,
    logIn(req, userId) {
      req.session.adminId = userId;
    },
  });
  // An admin without one can do nothing but set it up.
  admins.routes.get('/customers', admins.mfa.requireMfa(), (req, res) => {
    showInside(req, res, { title: 'Customers', json: { admin: req.session.adminId } });
  });
  app.use('/admin', admins.routes);

  app.use(answerErrors);
  return { app, customers, admins };
}

type RealmOptions = Omit<MfaOptions<string>, 'accountName' | 'verifyPassword'> & {
  realm: string;
  loginPath: string;
};

/** A table of users, and how they log in. */
function createRealm(options: RealmOptions) {
  let lastId = 0;
  const users = createUsers(memoryKeyValue(), () => String(++lastId));
  const mfa = createMfaRouter({
    ...options,
    accountName: async (userId) => (await users.byId(userId))?.email ?? userId,
    verifyPassword: users.passwordMatches,
  });
  const page = loginPage({ title: `Log in, ${options.realm}`, action: options.loginPath });
  const routes = Router();
  routes.use('/mfa', mfa);
  routes.use(bodies);
  routes.get('/login', shown(page));
  routes.post(
    '/login',
    submitted(page, async (req, res) => {
      const user = await users.authenticate(textField(req.body, 'email'), textField(req.body, 'password'));
      if (!user) throw new Refusal(401, 'The address or the password is wrong.');
      goOnWith(req, res, await mfa.startLogin(req, user.id, { returnTo: returnTo(req) }));
    }),
  );
  // The session is one, so this is the end of both realms in this browser.
  routes.post('/log-out', async (req, res) => {
    await mfa.logOut(req);
    goOn(req, res, { to: '/', json: { message: 'You are logged out.' } });
  });
  return { users, mfa, routes };
}
