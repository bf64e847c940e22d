import type { BackupCode } from '../account/account.ts';
import { digestBackupCode } from '../account/backup-codes.ts';
import { normalForm } from '../account/factors.ts';
import { slowHash } from '../crypto/slow-hash.ts';
import { isMfaError } from '../errors.ts';
import type { Flow } from './flow.ts';
import { hashing } from './hashing.ts';

const inHand = new Map<string, Promise<unknown>>();

/** A set of backup codes as it is stored. Takes half a second of processor time: never inside the write loop. */
export async function hashBackupCodes(flow: Flow, codes: readonly string[]): Promise<BackupCode[]> {
  const key = flow.keyRing.newest;
  const hashed = codes.map(async (shown) => {
    const { index, proof } = digestBackupCode(key, normalForm(shown) ?? shown, flow);
    return { kid: key.kid, index, hash: await slowHash(proof) };
  });
  return hashing(flow, () => Promise.all(hashed));
}

/**
 * Runs the flows of one user that hash a set of codes one after the other, so that a hundred requests at
 * once cost one set and not a hundred: the others find the account changed. Sparing work is all that it
 * does; that only one of them wins is the store's business.
 */
export async function oneSetAtATime<T>(flow: Flow, run: () => Promise<T>): Promise<T> {
  const before = inHand.get(flow.key);
  // Where time was up for the one before, it would be so again for each that follows, one after the other.
  const turn = (before ?? Promise.resolve()).then(run, (error) =>
    isLate(error) ? Promise.reject(error) : run(),
  );
  inHand.set(flow.key, turn);
  try {
    return await turn;
  } finally {
    if (inHand.get(flow.key) === turn) inHand.delete(flow.key);
  }
}

function isLate(error: unknown): boolean {
  return isMfaError(error) && error.code === 'deadline_exceeded';
}
