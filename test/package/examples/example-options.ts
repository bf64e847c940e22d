import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { memoryDatabases } from '../../../examples/basic/databases.ts';
import type { Mail } from '../../../examples/basic/mails.ts';
import { createClock } from '../../app/clock.ts';

/** What every example is created with: here in memory, with a clock that is moved and mails to look into. */
export function exampleOptions() {
  const clock = createClock();
  const mails: Mail[] = [];
  return {
    clock,
    mails,
    databases: memoryDatabases(),
    secrets: { mfaKey: randomBytes(32).toString('base64'), sessionSecret: 'a secret of the tests' },
    sendMail: (mail: Mail) => void mails.push(mail),
    now: clock.now,
  };
}

/** Of every user of these tests. */
export const password = 'a password of the tests';

/** What an authenticator app with this secret shows at `timestamp`, in ms. */
export function codeOf(secret: string, timestamp: number): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp });
}

/** What stands for the password in the mail to somebody who has forgotten it. */
export function tokenIn(mail: Mail | undefined): string {
  return new URL(mail?.link ?? '', 'http://app.test').searchParams.get('token') ?? '';
}
