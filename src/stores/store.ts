/** An account as a store keeps it: opaque text, and a version that is only ever compared for equality. */
export interface StoredAccount {
  /** Random, new with every write; no line breaks. */
  readonly version: string;
  readonly data: string;
}

/** What a store is handed to keep. */
export interface AccountToStore extends StoredAccount {
  /** Whether this user's logins have a second step: for a column to ask about. It decides nothing. */
  readonly enrolled: boolean;
}

/**
 * Where accounts live. They are user data, not cache: a lost account silently means "not enrolled", so no
 * expiry, no eviction, a durable database. `express-mfa/testing` has the suite that every store must pass.
 */
export interface MfaStore {
  /**
   * The stored account, or undefined where there is none. Sees every `put` that returned true: never a
   * lagging replica. Rejects only when the database itself failed.
   */
  get(userId: string): Promise<StoredAccount | undefined>;
  /**
   * Writes if the stored version is still `expected` (undefined: there is no account yet). True for exactly
   * one of any number of concurrent callers, false for the others; rejects where it cannot tell.
   */
  put(userId: string, next: AccountToStore, expected: string | undefined): Promise<boolean>;
  /** Removes the account; removing what is not there is a no-op. */
  delete(userId: string): Promise<void>;
  /**
   * The name of every account, as `put` was given it, in any order; one that was there all the time at least
   * once. Optional: only `service.resealAll` needs it.
   */
  list?(): AsyncIterable<string>;
}
