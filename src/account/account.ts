import * as v from 'valibot';
import { MfaError } from '../errors.ts';
import { ownObject } from '../without-prototype.ts';
import { type Authenticator, readAuthenticator } from './authenticator.ts';
import { type Budget, fullBudget } from './budget.ts';
import { upgradeRecord } from './record-v1.ts';

/** An unused backup code. */
export interface BackupCode {
  /** The key under which `index` and `hash` were made. */
  readonly kid: string;
  /** Where a submitted code is looked up: 64 bits of its HMAC. */
  readonly index: string;
  /** bcrypt of the other half. */
  readonly hash: string;
}

/** What counts once, and has: a login whose second step was done. */
interface Used {
  readonly id: string;
  /** ms since the epoch. */
  readonly expiresAt: number;
}

/**
 * Everything we store about one user: a value. A flow decides what it becomes, and the store writes it or not. Members
 * that only another release knows stand beside these, and are kept by every change that spreads the account.
 */
export interface Account {
  /** Random and new with every security change: what was proven under an older one no longer counts. */
  readonly epoch: string;
  /** Random, while there is no epoch yet: a record that was deleted and made anew is another one. */
  readonly recordId?: string | undefined;
  readonly authenticators: readonly Authenticator[];
  /** The unused ones only. In force while there is an authenticator. */
  readonly backupCodes: readonly BackupCode[];
  readonly budget: Budget;
  readonly used: readonly Used[];
  /** When backup codes were last made anew, in ms since the epoch. */
  readonly regeneratedAt?: number | undefined;
  /** What came from another system; with `totp` alone its backup codes may follow, once. */
  readonly imported?: 'totp' | 'backup_codes' | undefined;
}

/** What a user has about whom nothing is stored. Its epoch is the empty one: nothing was ever proven. */
export const emptyAccount: Account = {
  epoch: '',
  recordId: undefined,
  authenticators: [],
  backupCodes: [],
  budget: fullBudget,
  used: [],
  regeneratedAt: undefined,
  imported: undefined,
};

const time = v.pipe(v.number(), v.finite());
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const backupCodeSchema = v.pipe(
  v.tuple([v.string(), v.string(), v.string()]),
  v.transform(([kid, index, hash]): BackupCode => ({ kid, index, hash })),
);

const recordSchema = ownObject({
  v: v.literal(2),
  epoch: v.string(),
  recordId: v.optional(v.string()),
  authenticators: v.pipe(
    v.array(v.unknown()),
    v.transform((stored) => stored.map(readAuthenticator)),
  ),
  backupCodes: v.array(backupCodeSchema),
  budget: ownObject({ failures: count, waitUntil: time }),
  used: v.array(ownObject({ id: v.string(), expiresAt: time })),
  regeneratedAt: v.optional(time),
  imported: v.optional(v.picklist(['totp', 'backup_codes'])),
});

/**
 * Reads a stored record: of schema version 2, or of 1, which becomes 2 at its next write. Another version is refused,
 * never guessed; members that are not known are kept.
 *
 * @throws MfaError `account_unreadable`.
 */
export function parseAccount(data: string): Account {
  const stored = upgradeRecord(parseJson(data));
  const record = v.safeParse(recordSchema, stored);
  if (!record.success) throw new MfaError('account_unreadable');
  const { v: _version, ...account } = { ...(stored as object), ...record.output };
  return account;
}

/**
 * The record to store. Backup codes are written as `[kid, index, hash]`, which saves a fifth of it, and a name that nobody
 * gave is left out.
 */
export function serialiseAccount(account: Account): string {
  const backupCodes = account.backupCodes.map(({ kid, index, hash }) => [kid, index, hash]);
  const authenticators = account.authenticators.map((one) => ({ ...one, name: one.name || undefined }));
  return JSON.stringify({ v: 2, ...account, authenticators, backupCodes });
}

function parseJson(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    throw new MfaError('account_unreadable');
  }
}
