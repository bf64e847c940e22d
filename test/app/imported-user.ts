import { randomBytes } from 'node:crypto';
import type { TestAuthenticator } from 'express-mfa/testing';
import { Secret, TOTP } from 'otpauth';
import type { TestApp } from './create-test-app.ts';

/**
 * A user with an authenticator and no backup codes: costs no bcrypt. The code of the step in which this
 * happens is refused, so the first one is that of the next step, which the window allows.
 */
export async function importUser(
  { mfa, clock }: Pick<TestApp, 'mfa' | 'clock'>,
  user: string,
): Promise<TestAuthenticator> {
  const secret = new Secret({ buffer: new Uint8Array(randomBytes(20)).buffer });
  await mfa.service.importTotp(user, secret.base32, { encoding: 'base32' });
  const totp = new TOTP({ secret });
  let lastStep = totp.counter({ timestamp: clock.now() });
  return {
    secret: secret.base32,
    backupCodes: [],
    code() {
      const present = totp.counter({ timestamp: clock.now() });
      lastStep = Math.max(present, lastStep + 1);
      if (lastStep > present + 1) throw new Error('Both codes of this moment are used: move the clock on.');
      return totp.generate({ timestamp: lastStep * 30_000 });
    },
  };
}

/** The code of the time step that is `steps` after the present one, used or not. */
export function codeAt(
  { clock }: Pick<TestApp, 'clock'>,
  { secret }: { readonly secret: string },
  steps = 0,
): string {
  return new TOTP({ secret }).generate({ timestamp: clock.now() + steps * 30_000 });
}

/** A code of the right form that is none of this moment's. */
export function wrongCode(app: Pick<TestApp, 'clock'>, authenticator: TestAuthenticator): string {
  const right = [-1, 0, 1].map((steps) => codeAt(app, authenticator, steps));
  return ['000000', '000001', '000002', '000003'].find((code) => !right.includes(code)) ?? '';
}
