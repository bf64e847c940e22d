/** RFC 4648 §6: what authenticator apps read secrets in. */
export const rfc4648 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** Douglas Crockford's alphabet: no I, L, O or U, so that a code survives being read aloud and copied by hand. */
export const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Base32 without padding. */
export function encodeBase32(bytes: Uint8Array, alphabet: string): string {
  let text = '';
  let pending = 0;
  let bits = 0;
  for (const byte of bytes) {
    pending = ((pending << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet.charAt((pending >> bits) & 31);
    }
  }
  return bits === 0 ? text : text + alphabet.charAt((pending << (5 - bits)) & 31);
}

/**
 * Reads base32 of the RFC 4648 alphabet; case, spaces, hyphens and padding aside. Undefined where a
 * character is not of the alphabet or the length cannot be one: bad input never turns into zeros.
 */
export function decodeBase32(text: string): Buffer | undefined {
  // Before any change of case, which would turn a dotless i into an I.
  const clean = /^([A-Za-z2-7]*)=*$/.exec(text.replace(/[ -]/g, ''))?.[1]?.toUpperCase();
  if (clean === undefined) return undefined;
  const bytes = Buffer.alloc(Math.floor((clean.length * 5) / 8));
  let pending = 0;
  let bits = 0;
  let length = 0;
  for (const character of clean) {
    pending = ((pending << 5) | rfc4648.indexOf(character)) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[length++] = pending >> bits;
    }
  }
  return bits < 5 && (pending & ((1 << bits) - 1)) === 0 ? bytes : undefined;
}
