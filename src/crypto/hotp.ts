import speakeasy from 'speakeasy';

/** The shortest key that RFC 4226 §4 R6 allows, in bytes. */
export const minimumSecretBytes = 16;

/**
 * The six-digit HOTP value (RFC 4226 §5.3, SHA-1). The only door to speakeasy, which would accept a missing
 * or empty key and anything that `parseInt` reads as a counter.
 *
 * @throws RangeError where the key is shorter than 128 bits or the counter is not a non-negative safe integer.
 */
export function hotp(secret: Buffer, counter: number): string {
  if (!Buffer.isBuffer(secret) || secret.length < minimumSecretBytes) {
    throw new RangeError('An HOTP key has at least 16 bytes.');
  }
  if (!Number.isSafeInteger(counter) || counter < 0) {
    throw new RangeError('An HOTP counter is a non-negative integer.');
  }
  return speakeasy.hotp({ secret: secret as unknown as string, counter });
}
