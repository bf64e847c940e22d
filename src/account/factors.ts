import type { Account } from './account.ts';
import { backupCodes } from './backup-codes.ts';
import type { Factor, Method } from './factor.ts';
import { totp } from './totp.ts';

/** Every factor there is. A new one is a file beside this one and a name in this line. */
const factors: readonly Factor[] = [totp, backupCodes];

/** A proof that has the form of one of the factors. */
export interface Proof {
  readonly factor: Factor;
  /** In the factor's normal form. */
  readonly code: string;
}

/** What a person submitted, told apart by its form; undefined where it is no factor's. */
export function readProof(input: unknown): Proof | undefined {
  if (typeof input !== 'string') return undefined;
  for (const factor of factors) {
    const code = factor.read(input);
    if (code !== undefined) return { factor, code };
  }
  return undefined;
}

/** The methods by which this user can prove the second step; empty for a user who is not enrolled. */
export function methodsOf(account: Account): Method[] {
  return factors.filter((factor) => factor.isEnrolled(account)).map(({ method }) => method);
}

/** Whether this user's logins have a second step. */
export function isEnrolled(account: Account): boolean {
  return factors.some((factor) => factor.isEnrolled(account));
}
