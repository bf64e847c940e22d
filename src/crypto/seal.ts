import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { MfaError } from '../errors.ts';
import type { KeyRing } from './key-ring.ts';
import { lengthPrefixed } from './length-prefixed.ts';

const algorithm = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

/** What sealed bytes are bound to: they open for nothing else. */
export interface SealScope {
  readonly keyRing: KeyRing;
  readonly purpose: 'totp secret' | 'enrollment' | 'shown backup codes';
  readonly realm: string;
  readonly user: string;
}

/** Seals with the newest key (AES-256-GCM, NIST SP 800-38D): `v1.<kid>.<iv>.<ciphertext and tag>`. */
export function seal(plaintext: Buffer, scope: SealScope): string {
  const { kid, sealing } = scope.keyRing.newest;
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv(algorithm, sealing, iv, { authTagLength: tagBytes });
  cipher.setAAD(additionalData(scope, kid));
  const sealed = Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  return `v1.${kid}.${iv.toString('base64url')}.${sealed.toString('base64url')}`;
}

/**
 * Opens what {@link seal} made, with the key that it names and no other.
 *
 * @throws MfaError `secret_unreadable`, whatever the reason.
 */
export function open(envelope: string, scope: SealScope): Buffer {
  const [version, kid = '', iv = '', sealed = '', ...rest] = envelope.split('.');
  const key = scope.keyRing.find(kid);
  const bytes = Buffer.from(sealed, 'base64url');
  const nonce = Buffer.from(iv, 'base64url');
  const wellFormed =
    version === 'v1' && rest.length === 0 && nonce.length === ivBytes && bytes.length >= tagBytes;
  if (!key || !wellFormed) throw new MfaError('secret_unreadable');
  const decipher = createDecipheriv(algorithm, key.sealing, nonce, { authTagLength: tagBytes });
  decipher.setAAD(additionalData(scope, kid));
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  const plaintext = decipher.update(bytes.subarray(0, -tagBytes));
  try {
    // Until this has checked the tag, `plaintext` is whatever an attacker wrote.
    return Buffer.concat([plaintext, decipher.final()]);
  } catch {
    throw new MfaError('secret_unreadable');
  }
}

/** The id of the key that `envelope` names; empty where it is no envelope. */
export function keyIdOf(envelope: string): string {
  return envelope.split('.')[1] ?? '';
}

/** Whether `envelope` names another key than the one that seals now. */
export function isSealedWithOlderKey(envelope: string, keyRing: KeyRing): boolean {
  return !envelope.startsWith(`v1.${keyRing.newest.kid}.`);
}

function additionalData({ purpose, realm, user }: SealScope, kid: string): Buffer {
  return lengthPrefixed(purpose, realm, user, kid);
}
