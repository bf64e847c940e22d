import { createHash, randomBytes } from 'node:crypto';
import { Router } from 'express';
import type { MfaRouter } from 'express-mfa';
import { goOnWith, shown, submitted, wantsPage } from './faces.ts';
import type { KeyValue } from './key-value.ts';
import type { SendMail } from './mails.ts';
import { sendPage } from './pages.ts';
import { forgottenPage, mailedPage, newPasswordPage } from './password-reset-pages.ts';
import { newPassword, Refusal, textField } from './requests.ts';
import type { Users } from './users.ts';

const lifeMs = 15 * 60_000;

/**
 * A new password for somebody who has forgotten the old one, and a first step like any other: who can read
 * the user's mails must still not get past the second step. Put a rate limit by address before it.
 */
export function passwordResetRoutes({
  users,
  mfa,
  records,
  sendMail,
}: {
  users: Users;
  mfa: MfaRouter;
  records: KeyValue;
  sendMail: SendMail;
}): Router {
  const router = Router();

  async function mailToken(email: string): Promise<void> {
    const user = await users.byEmail(email);
    if (!user) return;
    const secret = randomBytes(32).toString('base64url');
    // One for each user, as a hash: the newest mail counts, and the database does not tell how to get in.
    await records.set(`reset:${user.id}`, sha256(secret), lifeMs);
    const text = 'Here you can set a new password, for 15 minutes:';
    const link = `/password-reset/confirm?token=${user.id}.${secret}`;
    await sendMail({ to: user.email, subject: 'A new password', text, link });
  }

  /** The user whose token it is. A token is good once, however many try at the same time. */
  async function redeem(token: string): Promise<string | undefined> {
    const [userId = '', secret = ''] = token.split('.');
    const right = (await records.get(`reset:${userId}`)) === sha256(secret);
    return right && (await records.remove(`reset:${userId}`)) ? userId : undefined;
  }

  router.get('/password-reset', shown(forgottenPage));
  router.get('/password-reset/mailed', (_req, res) => sendPage(res, mailedPage));
  router.get('/password-reset/confirm', shown(newPasswordPage));

  router.post(
    '/password-reset',
    submitted(forgottenPage, (req, res) => {
      // Nobody waits for it: the answer is the same, and takes as long, for an address that nobody has.
      mailToken(textField(req.body, 'email')).catch((error) => console.error(error));
      if (wantsPage(req)) res.redirect(303, '/password-reset/mailed');
      else res.status(202).json({ message: 'If we know this address, a mail is on its way.' });
    }),
  );

  router.post(
    '/password-reset/confirm',
    submitted(newPasswordPage, async (req, res) => {
      const password = newPassword(req.body);
      const userId = await redeem(textField(req.body, 'token'));
      if (userId === undefined) throw new Refusal(400, 'The link is too old or has been used.');
      await users.setPassword(userId, password);
      // Whoever knew the old password is logged out.
      await mfa.service.endSessions(userId);
      goOnWith(req, res, await mfa.startLogin(req, userId, { via: 'password_reset' }));
    }),
  );

  return router;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
