import speakeasy from 'speakeasy';

/** The shortest key that RFC 4226 §4 R6 allows, in bytes. */
export const minimumSecretBytes = 16;
/** speakeasy shifts the counter as 32 bits with a sign. Time steps get there in the year 4011. */
const largestCounter = 2 ** 31 - 1;

/**
 * The six-digit HOTP value (RFC 4226 §5.3, SHA-1). The only door to speakeasy, which would accept a missing
 * or empty key and anything that `parseInt` reads as a counter.
 *
 * @throws RangeError where the key is shorter than 128 bits or the counter is not an integer from 0 to 2^31 - 1.
 */
export function hotp(secret: Buffer, counter: number): string {
  if (!Buffer.isBuffer(secret) || secret.length < minimumSecretBytes) {
    throw new RangeError('An HOTP key has at least 16 bytes.');
  }
  if (!Number.isSafeInteger(counter) || counter < 0 || counter > largestCounter) {
    throw new RangeError('An HOTP counter is an integer from 0 to 2^31 - 1.');
  }
  return speakeasy.hotp({ secret: secret as unknown as string, counter });
}
