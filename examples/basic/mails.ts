import type { MfaEventName, MfaRouter } from 'express-mfa';
import type { Users } from './users.ts';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  /** A path of the app, to be sent with the address that it is known by: never one that a request names. */
  readonly link?: string;
}

export type SendMail = (mail: Mail) => unknown;

/** What a user should hear of, for it may have been somebody else. */
const news: Partial<Record<MfaEventName, string>> = {
  'enrollment.confirmed': 'A second step was set up for your account.',
  'mfa.disabled': 'The second step of your account was turned off.',
  'mfa.reset': 'The second step of your account was removed by our staff.',
  'backup_code.used': 'A backup code of yours was used.',
  'factor.disabled_by_failures': 'Somebody who knows your password has tried many codes. Please change it.',
};

/** Tells users what happens to their second step. Nobody waits for a listener, and none changes an outcome. */
export function mailNews({
  mfa,
  users,
  sendMail,
}: {
  mfa: MfaRouter;
  users: Users;
  sendMail: SendMail;
}): void {
  mfa.service.events.on('*', async ({ name, userId }) => {
    const text = news[name];
    const user = text === undefined ? undefined : await users.byId(String(userId));
    if (text !== undefined && user) await sendMail({ to: user.email, subject: 'Your second step', text });
  });
}
