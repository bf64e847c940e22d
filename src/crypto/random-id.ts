import { randomFillSync } from 'node:crypto';

const bytes = 16;
// Asking the system for each id costs more than all the rest of making one.
const pool = Buffer.alloc(256 * bytes);
let used = pool.length;

/** A random id that only has to be new within one account: 48 bits, 8 characters of base64url. */
export function shortId(): string {
  return randomId().slice(0, 8);
}

/** A new random id: 128 bits, 22 characters of base64url. */
export function randomId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString('base64url', used - bytes, used);
}
