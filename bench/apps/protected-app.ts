import express, { type Express } from 'express';
import { createBaseApp, type Redis } from './base-app.ts';
import { createMfa, type PagesOption } from './mfa.ts';

/** The app with our library. */
export function createProtectedApp(redis: Redis, pages: PagesOption = {}): Express {
  const app = createBaseApp(redis);
  const mfa = createMfa(redis, pages);
  app.use('/mfa', mfa);
  app.post('/login', express.json(), async (req, res) => {
    const login = await mfa.startLogin(req, String(req.body.userId));
    res.json({ success: true, data: { status: login.status } });
  });
  app.get('/guarded', mfa.requireMfa(), (req, res) => {
    res.json({ success: true, data: { user_id: req.session.signedInUser } });
  });
  return app;
}
