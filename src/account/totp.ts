import { timingSafeEqual } from 'node:crypto';
import { hotp, minimumSecretBytes } from '../crypto/hotp.ts';
import { open, type SealScope, seal } from '../crypto/seal.ts';
import { MfaError } from '../errors.ts';
import type { Account, TotpState } from './account.ts';
import { disablesAuthenticator, remainingWait } from './budget.ts';
import { accept, type Factor, refuseGuess, refuseUncounted, refuseWaiting } from './factor.ts';

/** RFC 6238 §4: the time step, in ms. */
export const stepMs = 30_000;
const form = /^[0-9](?: ?[0-9]){5}$/;

/** TOTP, RFC 6238: SHA-1, six digits, 30 s, one step before and after; what every authenticator app supports. */
export const totp: Factor = {
  method: 'totp',
  isEnrolled: (account) => account.totp !== undefined,
  read: (input) => (form.test(input) ? input.replaceAll(' ', '') : undefined),

  decide(account, code, context) {
    if (remainingWait(account.budget, context.now) > 0) return refuseWaiting(account, context.now);
    if (disablesAuthenticator(account.budget)) return refuseUncounted('disabled', account);
    if (!account.totp) return refuseGuess(account, context.now);
    const step = matchingStep(openSecret(account.totp, context), code, context.now);
    if (step === undefined) return refuseGuess(account, context.now);
    if (step <= account.totp.lastStep) return refuseUncounted('replayed', account);
    return accept({ ...account, totp: { ...account.totp, lastStep: step } });
  },
};

/** The time step of a moment (`T` of RFC 6238 §4.2). */
export function timeStep(now: number): number {
  return Math.floor(now / stepMs);
}

/**
 * The step within ±1 of now whose code this is, the latest if several. All are computed and compared,
 * whichever matches: the time that this takes tells nothing.
 */
export function matchingStep(secret: Buffer, code: string, now: number): number | undefined {
  const submitted = Buffer.from(code);
  let match: number | undefined;
  for (let step = timeStep(now) - 1; step <= timeStep(now) + 1; step++) {
    if (timingSafeEqual(Buffer.from(hotp(secret, step)), submitted)) match = step;
  }
  return match;
}

/** How many steps this clock is behind the last code that was accepted, beyond what the window explains; 0 for none. */
export function stepsBehind(account: Account, now: number): number {
  const ahead = (account.totp?.lastStep ?? 0) - timeStep(now);
  return ahead > 2 ? ahead : 0;
}

/** The state of an authenticator from now on; no code of a step up to `lastStep` is accepted. */
export function newTotp(secret: Buffer, scope: TotpScope & { now: number; lastStep: number }): TotpState {
  return { secret: seal(secret, totpScope(scope)), lastStep: scope.lastStep, enrolledAt: scope.now };
}

/** A key that is too short to be one, or of which nobody knows what was used, is as unreadable as a corrupt one. */
function openSecret({ secret, lastStep }: TotpState, scope: TotpScope): Buffer {
  const bytes = open(secret, totpScope(scope));
  const usable = bytes.length >= minimumSecretBytes && Number.isSafeInteger(lastStep);
  if (!usable) throw new MfaError('secret_unreadable');
  return bytes;
}

type TotpScope = Omit<SealScope, 'purpose'>;

/** What a user's secret is sealed for. */
export function totpScope({ keyRing, realm, user }: TotpScope): SealScope {
  return { keyRing, realm, user, purpose: 'totp secret' };
}
