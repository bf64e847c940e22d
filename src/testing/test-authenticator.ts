import { stepMs, timeStep } from '../account/totp.ts';
import type { MfaRouter } from '../create-mfa-router.ts';
import { decodeBase32 } from '../crypto/base32.ts';
import { hotp } from '../crypto/hotp.ts';
import type { UserId } from '../user-id.ts';

/** The authenticator app of a user in a test. */
export interface TestAuthenticator {
  /**
   * A code that will be accepted: of the first time step that was not used yet. Two of them without moving
   * the clock; then let `now` move on by 30 s.
   *
   * @throws Error where the clock has to move first.
   */
  code(): string;
  /** Base32. */
  readonly secret: string;
  /** Ten unused backup codes. */
  readonly backupCodes: readonly string[];
}

/**
 * Enrols a user, so that a test of yours can get past the second step.
 *
 * @param options.now the clock that the router was given, in ms since the epoch. Default: `Date.now`.
 * @throws Error where the user is enrolled already.
 */
export async function enrol(
  mfa: Pick<MfaRouter, 'service'>,
  userId: UserId,
  { now = Date.now }: { now?: () => number } = {},
): Promise<TestAuthenticator> {
  const started = await mfa.service.startEnrollment(userId);
  if (!started.ok) throw new Error(`The test user cannot be enrolled: ${started.errorType}.`);
  const key = decodeBase32(started.secret) ?? Buffer.alloc(0);
  // Enrolling with the code of the step before leaves two for the test.
  let lastStep = timeStep(now()) - 1;
  const finished = await mfa.service.finishEnrollment(userId, {
    ticket: started.ticket,
    code: hotp(key, lastStep),
  });
  if (!finished.ok) throw new Error(`The test user cannot be enrolled: ${finished.errorType}.`);

  return {
    secret: started.secret,
    backupCodes: started.backupCodes,
    code() {
      const step = Math.max(timeStep(now()), lastStep + 1);
      if (step > timeStep(now()) + 1) {
        throw new Error(`Both codes of this moment are used: move the clock (\`now\`) on by ${stepMs} ms.`);
      }
      lastStep = step;
      return hotp(key, step);
    },
  };
}
