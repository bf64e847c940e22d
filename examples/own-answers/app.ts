import express from 'express';
import { createMfaRouter } from 'express-mfa';
import { type AppOptions, useSession } from '../basic/app.ts';
import { answerErrors } from '../basic/errors.ts';
import { textField } from '../basic/requests.ts';
import { sessionUserId } from '../basic/session-user.ts';
import { createUsers } from '../basic/users.ts';
import { explain } from './explain.ts';

/**
 * An app with an API of its own shape, `{ result }` or `{ problem: { title, next } }`. The library answers only
 * where authenticators are set up, below `/mfa`.
 */
export function createApp({ databases, secrets, now }: Omit<AppOptions, 'sendMail'>) {
  const users = createUsers(databases.records);
  const mfa = createMfaRouter({
    issuer: 'Example',
    keys: [secrets.mfaKey],
    store: databases.accounts,
    currentUserId: sessionUserId,
    logIn(req, userId) {
      req.session.user = { id: userId };
    },
    accountName: async (userId) => (await users.byId(userId))?.email ?? userId,
    verifyPassword: users.passwordMatches,
    // An API: its client draws the pages.
    pages: false,
    // What the guard says instead of the library's JSON.
    onDenied(denial, _req, res) {
      res.status(denial.status).json({ problem: explain(denial) });
    },
    ...(now && { now }),
  });

  const app = express();
  const sessions = useSession(app, { store: databases.sessions, secret: secrets.sessionSecret });
  app.use('/mfa', mfa);
  app.use(express.json({ limit: '10kb' }));

  app.post('/login', async (req, res) => {
    const user = await users.authenticate(textField(req.body, 'email'), textField(req.body, 'password'));
    if (!user) return void res.status(401).json({ problem: { title: 'Wrong address or password.' } });
    const { status } = await mfa.startLogin(req, user.id);
    res.json({ result: status === 'complete' ? 'Welcome.' : 'Now your code, please.' });
  });

  // The second step, for pending logins and, as a fresh proof, for whoever is logged in.
  app.post('/code', async (req, res) => {
    const login = await mfa.finishLogin(req, { code: req.body?.code });
    if (login.ok) return void res.json({ result: 'Welcome.' });
    if (login.retryAfter !== undefined) res.set('Retry-After', String(login.retryAfter));
    res.status(login.status).json({ problem: explain(login) });
  });

  app.get('/balance', mfa.requireMfa(), (_req, res) => {
    res.json({ result: 100 });
  });

  // Not a yes or no: everybody gets an answer, and who has proven more sees more.
  app.get('/news', async (req, res) => {
    const { ok } = await mfa.check(req, { maxAge: 5 * 60_000 });
    res.json({ result: ok ? ['For everybody.', 'For you alone.'] : ['For everybody.'] });
  });

  app.use(answerErrors);
  return { app, mfa, users, sessions };
}
