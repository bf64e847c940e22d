import type { KeyRing } from '../crypto/key-ring.ts';
import type { Account } from './account.ts';
import { backupCodes } from './backup-codes.ts';
import type { Factor, Method } from './factor.ts';
import { importedCodes, totpAmongBlanks } from './imported-codes.ts';
import { totp } from './totp.ts';

/** Every factor there is, in the order in which they are offered and tried. A new one is a file and a name in this line. */
const factors: readonly Factor[] = [totp, totpAmongBlanks, backupCodes, importedCodes];

/** What was submitted, read as a proof of one of the factors. */
interface Candidate {
  readonly factor: Factor;
  /** In the factor's normal form. */
  readonly code: string;
}

/** What a person submitted, as everything that it can be by its form. */
export interface Proof {
  readonly candidates: readonly [Candidate, ...Candidate[]];
}

/** Undefined for what has no factor's form. */
export function readProof(input: unknown): Proof | undefined {
  if (typeof input !== 'string') return undefined;
  const [first, ...others] = factors.flatMap((factor) => {
    const code = factor.read(input);
    return code === undefined ? [] : [{ factor, code }];
  });
  return first && { candidates: [first, ...others] };
}

/** What was submitted, in the form under which it is stored. */
export function normalForm(input: string): string | undefined {
  return readProof(input)?.candidates[0].code;
}

/** Whether it is a proof to this account, right or wrong: to others it is malformed, and no guess. */
export function isTaken({ candidates }: Proof, account: Account): boolean {
  return candidates.some(({ factor }) => factor.isTakenBy(account));
}

/** The methods by which this user can prove the second step; empty for a user who is not enrolled. */
export function methodsOf(account: Account): Method[] {
  return factors.filter((factor) => factor.isEnrolled(account)).map(({ method }) => method);
}

/** Whether this user's logins have a second step, be it by something that only another release can check. */
export function isEnrolled({ authenticators, backupCodes }: Account): boolean {
  return authenticators.length > 0 || backupCodes.length > 0;
}

/** Whether failures can stop something of this account. */
export function canBeDisabled(account: Account): boolean {
  return factors.some((factor) => factor.canBeGuessed && factor.isEnrolled(account));
}

/** What sessions say of second factors, RFC 8176 §2; the rest is of the first step. */
export const amrOfSecondStep: ReadonlySet<string> = new Set([...factors.flatMap(({ amr }) => amr), 'mfa']);

/** The account with everything sealed under the newest key. */
export function resealAccount(account: Account, context: ResealContext): Account {
  return factors.reduce((resealed, factor) => factor.reseal?.(resealed, context) ?? resealed, account);
}

interface ResealContext {
  readonly keyRing: KeyRing;
  readonly realm: string;
  readonly user: string;
}
