import express, { Router } from 'express';
import { createMfaRouter, type MfaOptions } from 'express-mfa';
import { type AppOptions, useSession } from '../basic/app.ts';
import { memoryKeyValue } from '../basic/key-value.ts';
import { answerErrors, textField } from '../basic/requests.ts';
import { createUsers } from '../basic/users.ts';

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

  const customers = createRealm({
    ...shared,
    realm: 'customers',
    path: '/shop/mfa',
    loginPath: '/shop/login',
    currentUserId: (req) => req.session.customerId,
    logIn(req, userId) {
      req.session.customerId = userId;
    },
  });
  // A second step is each customer's own choice.
  customers.routes.get('/orders', customers.mfa.requireMfa({ unenrolled: 'allow' }), (req, res) => {
    res.json({ customer: req.session.customerId });
  });
  app.use('/shop', customers.routes);

  const admins = createRealm({
    ...shared,
    issuer: 'Example staff',
    realm: 'admins',
    path: '/admin/mfa',
    loginPath: '/admin/login',
    currentUserId: (req) => req.session.adminId,
    logIn(req, userId) {
      req.session.adminId = userId;
    },
  });
  // An admin without one can do nothing but set it up.
  admins.routes.get('/customers', admins.mfa.requireMfa(), (req, res) => {
    res.json({ admin: req.session.adminId });
  });
  app.use('/admin', admins.routes);

  app.use(answerErrors);
  return { app, customers, admins };
}

type RealmOptions = Omit<MfaOptions<string>, 'accountName' | 'verifyPassword'> & { realm: string };

/** A table of users, and how they log in. */
function createRealm(options: RealmOptions) {
  let lastId = 0;
  const users = createUsers(memoryKeyValue(), () => String(++lastId));
  const mfa = createMfaRouter({
    ...options,
    accountName: async (userId) => (await users.byId(userId))?.email ?? userId,
    verifyPassword: users.passwordMatches,
  });
  const routes = Router();
  routes.use('/mfa', mfa);
  routes.use(express.json({ limit: '10kb' }));
  routes.post('/login', async (req, res) => {
    const user = await users.authenticate(textField(req.body, 'email'), textField(req.body, 'password'));
    if (!user) return void res.status(401).json({ message: 'The address or the password is wrong.' });
    res.json(await mfa.startLogin(req, user.id));
  });
  return { users, mfa, routes };
}
