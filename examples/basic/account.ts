import { Router } from 'express';
import type { MfaRouter } from 'express-mfa';
import { textField } from './requests.ts';
import { sessionUserId } from './session-user.ts';
import type { Users } from './users.ts';

/** What is behind the login. */
export function accountRoutes({ users, mfa }: { users: Users; mfa: MfaRouter }): Router {
  const router = Router();

  // For everybody who is logged in. Who has a second step must have done it, and a session that was ended
  // from elsewhere (a password reset, a log-out everywhere) is over at its next request.
  router.get('/account', mfa.requireMfa({ unenrolled: 'allow' }), async (req, res) => {
    const user = await users.byId(sessionUserId(req) ?? '');
    res.json({ email: user?.email });
  });

  // Where money moves: nobody without a second factor, and one that was proven in the last five minutes.
  router.post('/transfer', mfa.requireMfa({ maxAge: 5 * 60_000 }), (req, res) => {
    const to = textField(req.body, 'to');
    const amount = textField(req.body, 'amount');
    res.json({ message: `${amount} sent to ${to}.` });
  });

  return router;
}
