import type { KeyRing } from '../crypto/key-ring.ts';
import type { Account } from './account.ts';
import { countFailure, fullBudget, shortenWait } from './budget.ts';

/** The kinds of proof a user can have, as the HTTP contract and the events name them. */
export type Method = 'totp' | 'backup_code';

/** What the rules say to a proof. */
export type Outcome = 'accepted' | 'wrong' | 'replayed' | 'waiting' | 'disabled';

/** An outcome, and the account as it would be afterwards: the same object where nothing is to be written. */
export interface Decision {
  readonly outcome: Outcome;
  readonly account: Account;
}

/** What a factor needs to know beside the account and the proof. */
export interface ProofContext {
  readonly now: number;
  readonly keyRing: KeyRing;
  readonly realm: string;
  readonly user: string;
  /** bcrypt. The rules run again when a write loses, so the flow remembers what it has compared. */
  readonly compare: (text: string, hash: string) => Promise<boolean>;
  /** Whether a comparison of this flow has already matched: in an account that somebody else has changed since. */
  readonly hasMatched: () => boolean;
}

/** What a factor must be able to do. It never writes: it says what the account would be. */
export interface Factor {
  readonly method: Method;
  isEnrolled(account: Account): boolean;
  /** Whether an account takes proofs of this form; without it every account does. */
  isTakenBy?(account: Account): boolean;
  /** The normal form of what a person submitted, or undefined where it cannot be a proof of this factor. */
  read(input: string): string | undefined;
  /** @throws MfaError `secret_unreadable`: never "wrong". */
  decide(account: Account, proof: string, context: ProofContext): Promise<Decision> | Decision;
}

/** A correct proof: all failures are forgotten. */
export function accept(account: Account): Decision {
  return { outcome: 'accepted', account: { ...account, budget: fullBudget } };
}

/** A guess: it counts. */
export function refuseGuess(account: Account, now: number): Decision {
  return { outcome: 'wrong', account: { ...account, budget: countFailure(account.budget, now) } };
}

/** A refusal that costs nothing, so that nobody can starve another's write. */
export function refuseUncounted(outcome: Exclude<Outcome, 'accepted' | 'wrong'>, account: Account): Decision {
  return { outcome, account };
}

/** A refusal during a wait. Nothing is to be written, but where the wait itself is longer than one can be. */
export function refuseWaiting(account: Account, now: number): Decision {
  const budget = shortenWait(account.budget, now);
  return refuseUncounted('waiting', budget === account.budget ? account : { ...account, budget });
}
