import bcrypt from 'bcrypt';
import type { Express } from 'express';
import { createBaseApp, type Redis } from './base-app.ts';
import { addLogin, completeLogin } from './floor.ts';

/** The floor, and one bcrypt comparison per request: what any hashed backup code costs at least. */
export function createBcryptReference(redis: Redis): Express {
  const app = createBaseApp(redis);
  const hash = bcrypt.hashSync('the only code', 10);
  addLogin(app);
  app.post('/mfa/totp/verify', async (req, res, next) => {
    if (await bcrypt.compare('the only code', hash)) completeLogin(req, res, next);
    else res.status(401).json({ success: false });
  });
  return app;
}
