import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { HOTP, Secret } from 'otpauth';
import { hotp } from '../../src/crypto/hotp.ts';

// The secret of both specifications: twenty ASCII characters.
const secret = Buffer.from('12345678901234567890');

test.each([
  [0, '755224'],
  [1, '287082'],
  [2, '359152'],
  [3, '969429'],
  [4, '338314'],
  [5, '254676'],
  [6, '287922'],
  [7, '162583'],
  [8, '399871'],
  [9, '520489'],
])('RFC 4226 appendix D: counter %i gives %s', (counter, code) => {
  expect(hotp(secret, counter)).toBe(code);
});

// The appendix has eight digits; the last six of them are the six-digit value.
test.each([
  [59, '94287082'],
  [1_111_111_109, '07081804'],
  [1_111_111_111, '14050471'],
  [1_234_567_890, '89005924'],
  [2_000_000_000, '69279037'],
  [20_000_000_000, '65353130'],
])('RFC 6238 appendix B, SHA-1: at %i s the code ends %s', (seconds, code) => {
  expect(hotp(secret, Math.floor(seconds / 30))).toBe(code.slice(-6));
});

test('gives what an independent implementation gives, for any key and counter', () => {
  const key = fc.uint8Array({ minLength: 16, maxLength: 64 });
  fc.assert(
    fc.property(key, fc.nat(2 ** 31 - 1), (bytes, at) => {
      const oracle = new HOTP({ secret: new Secret({ buffer: bytes.slice().buffer }), digits: 6 });
      expect(hotp(Buffer.from(bytes), at)).toBe(oracle.generate({ counter: at }));
    }),
    { numRuns: 500 },
  );
});

test('takes the largest counter that speakeasy gets right, and refuses the next', () => {
  const oracle = new HOTP({ secret: new Secret({ buffer: new Uint8Array(secret).buffer }), digits: 6 });
  const largest = 2 ** 31 - 1;
  expect(hotp(secret, largest)).toBe(oracle.generate({ counter: largest }));
  expect(() => hotp(secret, largest + 1)).toThrow(RangeError);
});

test('keeps leading zeros', () => {
  const codes = Array.from({ length: 200 }, (_, counter) => hotp(secret, counter));
  expect(codes.filter((code) => !/^[0-9]{6}$/.test(code))).toEqual([]);
  expect(codes.filter((code) => code.startsWith('0')).length).toBeGreaterThan(5);
});

// speakeasy itself gives a code for each of these: the well-known one of the empty key, for some.
test.each([
  ['missing', undefined],
  ['null', null],
  ['empty', Buffer.alloc(0)],
  ['of one byte', Buffer.alloc(1, 7)],
  ['of 15 bytes', Buffer.alloc(15, 7)],
  ['an empty text', ''],
  ['a text of 20 characters', '12345678901234567890'],
  ['bytes that are no Buffer', new Uint8Array(20)],
  ['an object with a length', { length: 20 }],
])('refuses a key that is %s', (_what, key) => {
  // @ts-expect-error what a caller without types, or a corrupt record, might hand in
  expect(() => hotp(key, 1)).toThrow(new RangeError('An HOTP key has at least 16 bytes.'));
});

test('takes the shortest key that RFC 4226 allows', () => {
  expect(hotp(Buffer.alloc(16, 7), 1)).toMatch(/^[0-9]{6}$/);
});

test.each([
  [-1],
  [-0.5],
  [1.5],
  [Number.NaN],
  [Number.POSITIVE_INFINITY],
  [2 ** 31],
  [2 ** 32],
  [Number.MAX_SAFE_INTEGER],
  [2 ** 53],
  ['1'],
  ['1x'],
  [[1]],
  [null],
  [undefined],
  [1n],
])('refuses the counter %p', (counter) => {
  // @ts-expect-error speakeasy would parse some of these into a number
  expect(() => hotp(secret, counter)).toThrow(
    new RangeError('An HOTP counter is an integer from 0 to 2^31 - 1.'),
  );
});
