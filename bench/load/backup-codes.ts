import { randomInt } from 'node:crypto';
import type { Accounts } from '../processes/start-accounts.ts';

interface UnusedCode {
  readonly userId: string;
  readonly code: string;
}

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const usersAtOnce = 16;

/** A code of the right form that is nobody's. */
export function wrongBackupCode(): string {
  const characters = Array.from({ length: 16 }, () => alphabet[randomInt(32)]);
  return characters.join('').replace(/(.{4})(?=.)/g, '$1-');
}

/** Codes that work, made as they are needed: each is given out once, each user has ten. */
export function createBackupCodePool(accounts: Accounts) {
  const unused: UnusedCode[] = [];
  return async function take(count: number): Promise<UnusedCode[]> {
    while (unused.length < count) {
      const users = await Promise.all(Array.from({ length: usersAtOnce }, () => accounts.enrol()));
      // One code of everybody, then the next of everybody: requests that run together are of different users.
      for (let index = 0; index < 10; index++) {
        for (const { userId, backupCodes } of users) unused.push({ userId, code: backupCodes[index] ?? '' });
      }
    }
    return unused.splice(0, count);
  };
}
