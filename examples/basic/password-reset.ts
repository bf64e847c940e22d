import { createHash, randomBytes } from 'node:crypto';
import { Router } from 'express';
import type { MfaRouter } from 'express-mfa';
import type { KeyValue } from './key-value.ts';
import type { SendMail } from './mails.ts';
import { newPassword, textField } from './requests.ts';
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
    const text = `Your token for a new password, good for 15 minutes: ${user.id}.${secret}`;
    await sendMail({ to: user.email, subject: 'A new password', text });
  }

  /** The user whose token it is. A token is good once, however many try at the same time. */
  async function redeem(token: string): Promise<string | undefined> {
    const [userId = '', secret = ''] = token.split('.');
    const right = (await records.get(`reset:${userId}`)) === sha256(secret);
    return right && (await records.remove(`reset:${userId}`)) ? userId : undefined;
  }

  router.post('/password-reset', (req, res) => {
    // Nobody waits for it: the answer is the same, and takes as long, for an address that nobody has.
    mailToken(textField(req.body, 'email')).catch((error) => console.error(error));
    res.status(202).json({ message: 'If we know this address, a mail is on its way.' });
  });

  router.post('/password-reset/confirm', async (req, res) => {
    const password = newPassword(req.body);
    const userId = await redeem(textField(req.body, 'token'));
    if (userId === undefined) {
      return void res.status(400).json({ message: 'The token is too old or has been used.' });
    }
    await users.setPassword(userId, password);
    // Whoever knew the old password is logged out.
    await mfa.service.endSessions(userId);
    res.json(await mfa.startLogin(req, userId, { via: 'password_reset' }));
  });

  return router;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
