import { createMfaRouter, type MfaOptions, redisMfaStore } from 'express-mfa';
import type { Redis } from './base-app.ts';

// Every process of a run must have the same key, and a benchmark protects nobody.
const key = Buffer.from('the key of a benchmark, 32 bytes').toString('base64');

/** Whether there are pages: `{}` or `{ pages: false }`. */
export type PagesOption = Pick<MfaOptions, 'pages'>;

/** Our library, set up as its README says. */
export function createMfa(redis: Redis, pages: PagesOption = {}) {
  return createMfaRouter({
    issuer: 'Bench',
    keys: [key],
    store: redisMfaStore(redis),
    currentUserId: (req) => req.session.signedInUser,
    logIn: (req, userId) => {
      req.session.signedInUser = String(userId);
    },
    accountName: (userId) => `${userId}@example.org`,
    ...pages,
  });
}
