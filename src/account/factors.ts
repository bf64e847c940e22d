import { isMfaError } from '../errors.ts';
import { withoutPrototype } from '../without-prototype.ts';
import type { Account } from './account.ts';
import { backupCodes } from './backup-codes.ts';
import type { Decision, Factor, Method, ProofContext } from './factor.ts';
import { importedCodes, takesImportedCodes } from './imported-codes.ts';
import { totp } from './totp.ts';

/** Every factor there is. A new one is a file beside this one and a name in this line. */
const factors: readonly Factor[] = [totp, backupCodes, importedCodes];

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

/** Whether this account takes proofs of that form: to others it is malformed, and no guess. */
export function isTaken({ factor }: Proof, account: Account): boolean {
  return withoutPrototype(factor).isTakenBy?.(account) ?? true;
}

/** What the rules say to a proof, and what kind of proof it turned out to be. */
export async function judge(
  account: Account,
  { factor, code }: Proof,
  context: ProofContext,
): Promise<Judgement> {
  // Six digits are asked of the authenticator first, whatever blanks were around them.
  const first = totp.read(code) === undefined ? factor : totp;
  const decision = { ...(await first.decide(account, code, context)), method: first.method };
  if (first !== totp || decision.outcome !== 'wrong' || !takesImportedCodes(account)) return decision;
  return (await judgeAsImported(account, code, context)) ?? decision;
}

/** Six digits can be a backup code where they came from another system; undefined where they are none. */
async function judgeAsImported(
  account: Account,
  code: string,
  context: ProofContext,
): Promise<Judgement | undefined> {
  try {
    const decision = await importedCodes.decide(account, code, context);
    return decision.outcome === 'wrong' ? undefined : { ...decision, method: importedCodes.method };
  } catch (error) {
    // The guess at the authenticator still has to count: else it could be guessed at without end.
    if (isMfaError(error) && error.code === 'secret_unreadable') return undefined;
    throw error;
  }
}

/** A decision, and by what method it was reached. */
export interface Judgement extends Decision {
  readonly method: Method;
}

/** The methods by which this user can prove the second step; empty for a user who is not enrolled. */
export function methodsOf(account: Account): Method[] {
  return factors.filter((factor) => factor.isEnrolled(account)).map(({ method }) => method);
}

/** Whether this user's logins have a second step. */
export function isEnrolled(account: Account): boolean {
  return factors.some((factor) => factor.isEnrolled(account));
}
