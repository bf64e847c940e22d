import express, { type Express, type Request, type Response } from 'express';
import { createBaseApp, type Redis } from './base-app.ts';

// As long as the challenge page of our library.
const page = `<!doctype html>\n<title>A page</title>\n${'<p>It never changes.</p>\n'.repeat(52)}`;

/** The least that a second step costs: it reads and checks nothing, and changes the session's id like any other login. */
export function createFloor(redis: Redis): Express {
  const app = createBaseApp(redis);
  addLogin(app);
  app.post('/mfa/totp/verify', completeLogin);
  app.get('/page', (_req, res) => {
    res.type('html').send(page);
  });
  app.get('/guarded', (req, res) => {
    res.json({ success: true, data: { user_id: req.session.signedInUser } });
  });
  return app;
}

/** A first step that asks for a second one. */
export function addLogin(app: Express): void {
  app.post('/login', express.json(), (req, res, next) => {
    req.session.pendingUser = String(req.body.userId);
    req.session.save((error) => (error ? next(error) : res.json({ success: true })));
  });
}

/** What express-session's documentation says to do at a login. */
export function completeLogin(req: Request, res: Response, next: (error?: unknown) => void): void {
  const user = req.session.pendingUser;
  req.session.regenerate((error) => {
    if (error || user === undefined) return next(error ?? new Error('There is no pending login.'));
    req.session.signedInUser = user;
    req.session.save((error) => {
      if (error) return next(error);
      res.json({ success: true, message: 'verification successful', data: { user_id: user } });
    });
  });
}
