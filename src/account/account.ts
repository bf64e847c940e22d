import * as v from 'valibot';
import { MfaError } from '../errors.ts';
import { ownObject } from '../without-prototype.ts';
import { type Budget, fullBudget } from './budget.ts';

/** The authenticator of a user. */
export interface TotpState {
  /** The shared secret, sealed. Empty where the stored one is missing: then it opens for nobody. */
  readonly secret: string;
  /** The last time step that was accepted: only greater ones are, RFC 6238 §5.2. NaN where it is not known. */
  readonly lastStep: number;
  /** ms since the epoch. */
  readonly enrolledAt: number;
}

/** An unused backup code. */
export interface BackupCode {
  /** The key under which `index` and `hash` were made. */
  readonly kid: string;
  /** Where a submitted code is looked up: 64 bits of its HMAC. */
  readonly index: string;
  /** bcrypt of the other half. */
  readonly hash: string;
}

/** A login whose second step was done. */
interface UsedLogin {
  readonly id: string;
  /** ms since the epoch. */
  readonly expiresAt: number;
}

/** Everything we store about one user: a value. A flow decides what it becomes, and the store writes it or not. */
export interface Account {
  /** Random and new with every security change: what was proven under an older one no longer counts. */
  readonly epoch: string;
  /** Random, while there is no epoch yet: a record that was deleted and made anew is another one. */
  readonly recordId?: string | undefined;
  readonly totp?: TotpState | undefined;
  /** The unused ones only. */
  readonly backupCodes: readonly BackupCode[];
  readonly budget: Budget;
  readonly usedLogins: readonly UsedLogin[];
  /** When backup codes were last made anew, in ms since the epoch. */
  readonly regeneratedAt?: number | undefined;
  /** What came from another system; with `totp` alone its backup codes may follow, once. */
  readonly imported?: 'totp' | 'backup_codes' | undefined;
}

/** What a user has about whom nothing is stored. Its epoch is the empty one: nothing was ever proven. */
export const emptyAccount: Account = {
  epoch: '',
  recordId: undefined,
  totp: undefined,
  backupCodes: [],
  budget: fullBudget,
  usedLogins: [],
  regeneratedAt: undefined,
  imported: undefined,
};

const time = v.pipe(v.number(), v.finite());
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

// Whatever is wrong inside `totp`, the user stays enrolled, with an authenticator that opens for nobody; and
// what can still be read of it is kept.
const unreadableTotp: TotpState = { secret: '', lastStep: Number.NaN, enrolledAt: 0 };
const totpSchema = v.fallback(
  ownObject({
    secret: v.fallback(v.string(), ''),
    lastStep: v.fallback(count, Number.NaN),
    enrolledAt: v.fallback(time, 0),
  }),
  unreadableTotp,
);

const backupCodeSchema = v.pipe(
  v.tuple([v.string(), v.string(), v.string()]),
  v.transform(([kid, index, hash]): BackupCode => ({ kid, index, hash })),
);

const recordSchema = ownObject({
  v: v.literal(1),
  epoch: v.string(),
  recordId: v.optional(v.string()),
  totp: v.optional(totpSchema),
  backupCodes: v.array(backupCodeSchema),
  budget: ownObject({ failures: count, waitUntil: time }),
  usedLogins: v.array(ownObject({ id: v.string(), expiresAt: time })),
  regeneratedAt: v.optional(time),
  imported: v.optional(v.picklist(['totp', 'backup_codes'])),
});

/**
 * Reads a stored record of schema version 1; another version is refused, never guessed.
 *
 * @throws MfaError `account_unreadable`.
 */
export function parseAccount(data: string): Account {
  const record = v.safeParse(recordSchema, parseJson(data));
  if (!record.success) throw new MfaError('account_unreadable');
  const { v: _version, ...account } = record.output;
  return account;
}

/** The record to store. Backup codes are written as `[kid, index, hash]`, which saves a fifth of it. */
export function serialiseAccount(account: Account): string {
  const backupCodes = account.backupCodes.map(({ kid, index, hash }) => [kid, index, hash]);
  return JSON.stringify({ v: 1, ...account, backupCodes });
}

function parseJson(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    throw new MfaError('account_unreadable');
  }
}
