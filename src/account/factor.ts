import type { KeyRing } from '../crypto/key-ring.ts';
import type { Account } from './account.ts';

/** The name of a kind of proof, as the HTTP contract, the sessions and the events have it: `totp`, `backup_code`. */
export type Method = 'totp' | 'backup_code' | (string & Record<never, never>);

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

/** What a proof turned out to be. `right`: the account in which it is used up, and by which authenticator. */
export type Match =
  | { readonly is: 'wrong' | 'replayed' }
  | { readonly is: 'right'; readonly account: Account; readonly authenticatorId: string | undefined };

/** What a factor must be able to do. It never writes: it says what the account would be. */
export interface Factor {
  readonly method: Method;
  /** What a session says of it, RFC 8176 §2. */
  readonly amr: readonly string[];
  /** Whether a wait, and too many failures, stop it: what is too long to be guessed opens the account all the same. */
  readonly canBeGuessed: boolean;
  /** Whether the account has it, as a method to offer. */
  isEnrolled(account: Account): boolean;
  /** Whether what has this form is a proof to this account at all, right or wrong; to others it is malformed. */
  isTakenBy(account: Account): boolean;
  /** The normal form of what a person submitted, or undefined where it cannot be a proof of this factor. */
  read(input: string): string | undefined;
  /** @throws MfaError `secret_unreadable`: never "wrong". */
  match(account: Account, proof: string, context: ProofContext): Promise<Match> | Match;
  /** The account with what this factor has sealed under the newest key; the same object where it already is. */
  reseal?(account: Account, context: Pick<ProofContext, 'keyRing' | 'realm' | 'user'>): Account;
}
