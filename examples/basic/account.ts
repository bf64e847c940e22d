import { type Request, Router } from 'express';
import type { MfaRouter } from 'express-mfa';
import { accountPage } from './account-page.ts';
import { goOn, submitted, wantsPage } from './faces.ts';
import { sendPage } from './pages.ts';
import { textField } from './requests.ts';
import { sessionUserId } from './session-user.ts';
import type { Users } from './users.ts';

/** What is behind the login. */
export function accountRoutes({ users, mfa }: { users: Users; mfa: MfaRouter }): Router {
  const router = Router();

  async function page(req: Request, problem?: string) {
    const userId = sessionUserId(req) ?? '';
    const [user, { enrolled }] = await Promise.all([users.byId(userId), mfa.service.status(userId)]);
    const { notice } = req.session;
    delete req.session.notice;
    return accountPage({ email: user?.email ?? '', secondStep: enrolled, notice, problem });
  }

  // For everybody who is logged in. Who has a second step must have done it, and a session that was ended
  // from elsewhere (a password reset, a log-out everywhere) is over at its next request.
  router.get('/account', mfa.requireMfa({ unenrolled: 'allow' }), async (req, res) => {
    if (wantsPage(req)) return sendPage(res, await page(req));
    const user = await users.byId(sessionUserId(req) ?? '');
    res.json({ email: user?.email });
  });

  // Where money moves: nobody without a second factor, and one that was proven in the last five minutes. A
  // browser is led to what is missing, and from there back to the account, which holds the form.
  router.post(
    '/transfer',
    mfa.requireMfa({ maxAge: 5 * 60_000 }),
    submitted(page, (req, res) => {
      const to = textField(req.body, 'to');
      const amount = textField(req.body, 'amount');
      const message = `${amount} sent to ${to}.`;
      // The next page tells it, once.
      if (wantsPage(req)) req.session.notice = message;
      goOn(req, res, { to: '/account', json: { message } });
    }),
  );

  // Where the form was shown again, this is the address of the page that held it.
  router.get('/transfer', (_req, res) => res.redirect('/account'));

  return router;
}
