import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { MfaConfigError } from '../errors.ts';
import { decodeBase64 } from './base64.ts';

/** One of the host's keys: the sub-keys made from it, and the name by which sealed things refer to it. */
export interface RingKey {
  /** Derived from the key, so that nobody has to number keys; 8 characters. */
  readonly kid: string;
  /** For AES-256-GCM. */
  readonly sealing: KeyObject;
  /** For the HMAC of backup codes. */
  readonly backupCodes: KeyObject;
  /** For the HMAC that ties a form to a session. */
  readonly forms: KeyObject;
}

/** The host's keys, newest first. */
export interface KeyRing {
  /** The key that seals; every listed key opens. */
  readonly newest: RingKey;
  find(kid: string): RingKey | undefined;
  readonly all: readonly RingKey[];
}

const howToMakeOne = `node -e "console.log(require('crypto').randomBytes(32).toString('base64'))"`;

/**
 * @param keys 32 random bytes each, in base64, newest first.
 * @throws MfaConfigError where there is none, or one is missing, short, trivial or listed twice.
 */
export function createKeyRing(keys: readonly unknown[]): KeyRing {
  const ring = keys.map(readKey).map(toRingKey);
  const newest = ring[0];
  if (!newest) throw new MfaConfigError(`Set \`keys\` to at least one key, made with: ${howToMakeOne}`);
  const byKid = new Map(ring.map((key) => [key.kid, key]));
  if (byKid.size < ring.length) throw new MfaConfigError('Remove the key that is listed twice in `keys`.');
  return { newest, find: (kid) => byKid.get(kid), all: ring };
}

function readKey(key: unknown, position: number): Buffer {
  const bytes = typeof key === 'string' ? decodeBase64(key) : undefined;
  if (bytes?.length !== 32 || bytes.every((byte) => byte === bytes[0])) {
    const what = key === undefined ? 'is undefined; set it' : 'is not 32 random bytes in base64; replace it';
    throw new MfaConfigError(`\`keys[${position}]\` ${what} to what this prints: ${howToMakeOne}`);
  }
  return bytes;
}

function toRingKey(key: Buffer): RingKey {
  const derive = (purpose: string, bytes: number): Buffer =>
    Buffer.from(hkdfSync('sha256', key, '', `express-mfa ${purpose}`, bytes));
  return {
    kid: derive('key id', 6).toString('base64url'),
    sealing: createSecretKey(derive('sealing', 32)),
    backupCodes: createSecretKey(derive('backup codes', 32)),
    forms: createSecretKey(derive('forms', 32)),
  };
}
