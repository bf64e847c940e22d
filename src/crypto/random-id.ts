import { randomBytes } from 'node:crypto';

/** A new random id: 128 bits, 22 characters of base64url. */
export function randomId(): string {
  return randomBytes(16).toString('base64url');
}
