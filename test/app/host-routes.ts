import express, { type Express, type RequestHandler } from 'express';
import type { MfaRouter } from 'express-mfa';

/** The host's own part: login paths good and bad, guarded routes, log-out. */
export function hostRoutes(app: Express, mfa: MfaRouter): { reached: () => number; releaseSlow: () => void } {
  let reached = 0;
  let releaseSlow: () => void = () => undefined;
  const slow = new Promise<void>((resolve) => {
    releaseSlow = resolve;
  });
  const tellUser: RequestHandler = (req, res) => {
    reached++;
    res.json({ reached: true, userId: req.session.userId ?? null });
  };
  const json = express.json({ limit: '200kb' });

  app.use('/mfa', mfa);

  app.post('/login', json, (req, res, next) => {
    const { user, password, id = user, ...options } = req.body;
    if (password !== `password of ${user}`)
      return void res.status(401).json({ error: 'wrong user or password' });
    mfa.startLogin(req, id, options).then((login) => res.json(login), next);
  });
  // An OAuth callback, a magic link or a password reset: another first step.
  app.post('/other-login', json, (req, res, next) => {
    mfa.startLogin(req, req.body.user, { via: req.body.via }).then((login) => res.json(login), next);
  });
  // What the host should not do: it forgets `startLogin`.
  app.post('/forgetful-login', json, (req, res) => {
    req.session.userId = req.body.user;
    res.json({});
  });
  app.post('/forgetful-log-out', (req, res) => {
    delete req.session.userId;
    res.json({});
  });
  app.post('/log-out', json, (req, res, next) => {
    mfa.logOut(req, { everywhere: req.body?.everywhere === true }).then(() => res.json({}), next);
  });
  app.get('/pending', (req, res, next) => {
    mfa.pending(req).then((pending) => res.json({ pending: pending ?? null }), next);
  });
  app.all('/private', mfa.requireMfa(), tellUser);
  app.all('/sensitive', mfa.requireMfa({ maxAge: 300_000 }), tellUser);
  app.all('/lenient', mfa.requireMfa({ unenrolled: 'allow' }), tellUser);
  app.all('/lenient-sensitive', mfa.requireMfa({ unenrolled: 'allow', maxAge: 300_000 }), tellUser);
  app.get('/whoami', (req, res) => {
    res.json({ userId: req.session.userId ?? null });
  });
  // Anything into the session, as a host might do for guests.
  app.post('/session', json, (req, res) => {
    Object.assign(req.session, req.body);
    res.json({});
  });
  // Begins with the session of now, and writes it back when the test lets it.
  app.get('/slow', async (req, res) => {
    req.session.visits = (req.session.visits ?? 0) + 1;
    await slow;
    res.json({});
  });
  return { reached: () => reached, releaseSlow: () => releaseSlow() };
}
