import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Secret } from 'otpauth';
import { crockford, decodeBase32, encodeBase32, rfc4648 } from '../../src/crypto/base32.ts';

const vectors = [
  ['', ''],
  ['f', 'MY======'],
  ['fo', 'MZXQ===='],
  ['foo', 'MZXW6==='],
  ['foob', 'MZXW6YQ='],
  ['fooba', 'MZXW6YTB'],
  ['foobar', 'MZXW6YTBOI======'],
] as const;

test.each(vectors)('RFC 4648 §10: %p is %s, written without its padding', (text, padded) => {
  expect(encodeBase32(Buffer.from(text), rfc4648)).toBe(padded.replaceAll('=', ''));
});

test.each(vectors)('RFC 4648 §10: %p is read from %s, with its padding and without', (text, padded) => {
  expect(decodeBase32(padded)).toEqual(Buffer.from(text));
  expect(decodeBase32(padded.replaceAll('=', ''))).toEqual(Buffer.from(text));
});

test('what was written is read again, and an independent implementation writes the same', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
      const written = encodeBase32(bytes, rfc4648);
      expect(decodeBase32(written)).toEqual(Buffer.from(bytes));
      expect(written).toBe(new Secret({ buffer: bytes.slice().buffer }).base32);
    }),
  );
});

test('case, spaces, hyphens and padding do not matter to a reader', () => {
  for (const text of ['mzxw6ytboi', 'MZXW 6YTB OI', 'mzxw-6ytb-oi==', ' MZXW6YTBOI======']) {
    expect(decodeBase32(text)).toEqual(Buffer.from('foobar'));
  }
});

test('what is not base32 is undefined: never zeros, never a part', () => {
  const bad = ['0', '1', '8', '9', 'MZXW6YT!', 'MZXW=6YTB', 'MZXW6\u00df', 'ＭＹ', 'MZXW\n6YTB', '\u0000MY'];
  // Letters that become ASCII ones when they are made capitals.
  bad.push('MZXW6YTBO\u0131', 'MZXW6YTBO\u017f');
  for (const text of bad) expect([text, decodeBase32(text)]).toEqual([text, undefined]);
});

test('a length that no bytes have is undefined', () => {
  for (const text of ['A', 'AAA', 'AAAAAA', 'AAAAAAAAA']) {
    expect([text, decodeBase32(text)]).toEqual([text, undefined]);
  }
});

test('bits that are left over must be zero: two texts are never one secret', () => {
  expect(decodeBase32('MZ')).toBeUndefined();
  expect(decodeBase32('MZXW7')).toBeUndefined();
});

test('any text is either undefined or read back as it is written', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[A-Z2-7]{0,40}$/)), (text) => {
      const bytes = decodeBase32(text);
      if (bytes === undefined) return;
      const plain = text.replace(/[ -]/g, '').replace(/=+$/, '').toUpperCase();
      expect(encodeBase32(bytes, rfc4648)).toBe(plain);
    }),
  );
});

test("Crockford's alphabet has 32 characters and none that is mistaken for another", () => {
  expect(new Set(crockford).size).toBe(32);
  expect(crockford).toMatch(/^[0-9A-HJKMNP-TV-Z]+$/);
  expect(encodeBase32(Buffer.from([0, 0x44, 0x32, 0x14, 0xc7]), crockford)).toHaveLength(8);
  expect(encodeBase32(Buffer.from('00443214c74254b635cf84653a56d7c675be77df', 'hex'), crockford)).toBe(
    '0123456789ABCDEFGHJKMNPQRSTVWXYZ',
  );
});
