import express, { type Express } from 'express';
import speakeasy from 'speakeasy';
import { createBaseApp, type Redis } from './base-app.ts';
import { addLogin, completeLogin } from './floor.ts';

/** Where the tutorial keeps a user's secret, unsealed. */
export const tutorialKey = (userId: string) => `tutorial:${userId}`;

/** The second step as tutorials write it: no refusal of replays, no limit on guesses, no encryption. */
export function createTutorial(redis: Redis): Express {
  const app = createBaseApp(redis);
  addLogin(app);
  app.post('/mfa/totp/verify', express.json(), async (req, res, next) => {
    const secret = await redis.get(tutorialKey(String(req.session.pendingUser)));
    const token = req.body.code;
    if (secret === null || !speakeasy.totp.verify({ secret, encoding: 'base32', token, window: 1 })) {
      res.status(401).json({ success: false });
      return;
    }
    completeLogin(req, res, next);
  });
  return app;
}
