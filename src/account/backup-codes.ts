import { createHmac } from 'node:crypto';
import { crockford, encodeBase32 } from '../crypto/base32.ts';
import type { KeyRing, RingKey } from '../crypto/key-ring.ts';
import { lengthPrefixed } from '../crypto/length-prefixed.ts';
import { MfaError } from '../errors.ts';
import type { Account, BackupCode } from './account.ts';
import type { Factor, Match, ProofContext } from './factor.ts';

/** How many codes a set has. */
const setSize = 10;
/** 80 bits: no guessing needs to be slowed down. */
const codeBytes = 10;
/** At so few the user is told to make new ones. */
const lowAt = 2;

/** Backup codes: each opens the account once, also while the authenticator has to wait or is disabled. */
export const backupCodes: Factor = {
  method: 'backup_code',
  amr: ['otp'],
  canBeGuessed: false,
  isEnrolled: (account) => account.backupCodes.length > 0,
  isTakenBy: () => true,

  read(input) {
    if (input.length > 64) return undefined;
    const code = input.replace(/[ -]/g, '');
    // Before any change of case: that turns a dotless i into an I, and a ligature into two letters.
    if (!/^[0-9A-TV-Za-tv-z]{16}$/.test(code)) return undefined;
    return code.toUpperCase().replaceAll('O', '0').replace(/[IL]/g, '1');
  },

  match: matchBackupCode,
};

/** @throws MfaError `secret_unreadable` where it may be a code of a key that is no longer listed. */
export async function matchBackupCode(account: Account, code: string, context: ProofContext): Promise<Match> {
  const spent = await findBackupCode(account, code, context);
  // It was right a moment ago: somebody has just spent it, most likely the same person by a double click.
  if (!spent) return { is: context.hasMatched() ? 'replayed' : 'wrong' };
  const left = account.backupCodes.filter((other) => other !== spent);
  return { is: 'right', account: { ...account, backupCodes: left }, authenticatorId: undefined };
}

/** A set of new codes, as they are shown: `XXXX-XXXX-XXXX-XXXX`. */
export function newBackupCodes(randomBytes: (size: number) => Buffer): string[] {
  return Array.from({ length: setSize }, () =>
    encodeBase32(randomBytes(codeBytes), crockford).replace(/(.{4})(?=.)/g, '$1-'),
  );
}

/** How many codes can still be used: those of a key that is no longer listed cannot. */
export function remainingBackupCodes(account: Account, keyRing: KeyRing): number {
  return account.backupCodes.filter(({ kid }) => keyRing.find(kid)).length;
}

/** Whether so few are left that the user should make new ones. */
export function areBackupCodesLow(remaining: number): boolean {
  return remaining <= lowAt;
}

/** One HMAC of user and code: half of it finds the code, bcrypt of the other half proves it. */
export function digestBackupCode(
  key: RingKey,
  code: string,
  { realm, user }: { realm: string; user: string },
) {
  const digest = createHmac('sha256', key.backupCodes)
    .update(lengthPrefixed(realm, user, code))
    .digest();
  return { index: digest.toString('base64url', 0, 8), proof: digest.toString('base64url', 16) };
}

/**
 * At most one bcrypt comparison, and none for a guess: the index is already unknown.
 *
 * @throws MfaError `secret_unreadable` where it may be one of a key that is no longer listed.
 */
async function findBackupCode(
  account: Account,
  code: string,
  context: ProofContext,
): Promise<BackupCode | undefined> {
  for (const key of context.keyRing.all) {
    const { index, proof } = digestBackupCode(key, code, context);
    const found = account.backupCodes.find((stored) => stored.kid === key.kid && stored.index === index);
    if (found && (await context.compare(proof, found.hash))) return found;
  }
  const unknown = account.backupCodes.some(({ kid }) => !context.keyRing.find(kid));
  if (unknown && !context.hasMatched()) throw new MfaError('secret_unreadable');
  return undefined;
}
