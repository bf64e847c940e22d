import * as v from 'valibot';
import { MfaError } from '../errors.ts';
import { ownMember, ownObject } from '../without-prototype.ts';
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

const isTime = (value: unknown): value is number => Number.isFinite(value);
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

// By hand where a schema of its own would cost more than all the rest: every guarded request comes by here.
const budgetSchema = v.custom<Budget>(
  (budget) =>
    isObject(budget) && isCount(ownMember(budget, 'failures')) && isTime(ownMember(budget, 'waitUntil')),
);
const usedSchema = v.custom<Used>(
  (used) =>
    isObject(used) && typeof ownMember(used, 'id') === 'string' && isTime(ownMember(used, 'expiresAt')),
);
const backupCodeSchema = v.pipe(
  v.tuple([v.string(), v.string(), v.string()]),
  v.transform(([kid, index, hash]): BackupCode => ({ kid, index, hash })),
);

const entries = {
  epoch: v.string(),
  recordId: v.optional(v.string()),
  authenticators: v.pipe(
    v.array(v.unknown()),
    v.transform((stored) => stored.map(readAuthenticator)),
  ),
  backupCodes: v.array(backupCodeSchema),
  budget: budgetSchema,
  used: v.array(usedSchema),
  regeneratedAt: v.optional(v.custom<number>(isTime)),
  imported: v.optional(v.picklist(['totp', 'backup_codes'])),
};
const recordSchema = ownObject(entries);
const known = new Set(['v', ...Object.keys(entries)]);

/**
 * Reads a stored record: of schema version 2, or of 1, which becomes 2 at its next write. Another version is refused,
 * never guessed; members that are not known are kept.
 *
 * @throws MfaError `account_unreadable`.
 */
export function parseAccount(data: string): Account {
  const stored = upgradeRecord(parseJson(data));
  const record = v.safeParse(recordSchema, stored);
  if (!isObject(stored) || ownMember(stored, 'v') !== 2 || !record.success) {
    throw new MfaError('account_unreadable');
  }
  for (const name of Object.keys(stored)) if (!known.has(name)) keep(record.output, stored, name);
  return record.output;
}

/** Not assigned: `__proto__` is a name like any other. */
function keep(account: object, stored: object, name: string): void {
  const value = ownMember(stored, name);
  Object.defineProperty(account, name, { value, configurable: true, enumerable: true, writable: true });
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
