import { createCipheriv, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createKeyRing } from '../../src/crypto/key-ring.ts';
import { isSealedWithOlderKey, open, type SealScope, seal } from '../../src/crypto/seal.ts';
import { MfaError } from '../../src/errors.ts';

const newKey = () => randomBytes(32).toString('base64');
const [k1, k2] = [newKey(), newKey()];
const scope: SealScope = { keyRing: createKeyRing([k1]), purpose: 'totp secret', realm: '', user: 'A' };
const secret = Buffer.from('a secret of 20 bytes');

/** What opening gives: the plaintext, or the error as a log would show it, without its stack. */
function opened(envelope: string, by: SealScope = scope): unknown {
  try {
    return open(envelope, by);
  } catch (error) {
    return error instanceof Error ? inspect(Object.assign(error, { stack: String(error) })) : error;
  }
}

const unreadable = inspect(
  Object.assign(new MfaError('secret_unreadable'), {
    stack: 'MfaError: A stored secret cannot be opened with the keys that are listed.',
  }),
);

interface Parts {
  version: string;
  kid: string;
  iv: Buffer;
  sealed: Buffer;
}

function partsOf(envelope: string): Parts {
  const [version = '', kid = '', iv = '', sealed = ''] = envelope.split('.');
  return { version, kid, iv: Buffer.from(iv, 'base64url'), sealed: Buffer.from(sealed, 'base64url') };
}

function envelopeOf({ version, kid, iv, sealed }: Parts): string {
  return [version, kid, iv.toString('base64url'), sealed.toString('base64url')].join('.');
}

const flipped = (bytes: Buffer, at: number, mask: number): Buffer =>
  Buffer.from(bytes.map((byte, index) => (index === at ? byte ^ mask : byte)));

test('what was sealed opens for the same purpose, realm and user, whatever they contain', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 40 });
  const purpose = fc.constantFrom<SealScope['purpose']>('totp secret', 'enrollment');
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 500 }), text, text, purpose, (bytes, realm, user, of) => {
      const by = { ...scope, realm, user, purpose: of };
      expect(open(seal(Buffer.from(bytes), by), by)).toEqual(Buffer.from(bytes));
    }),
  );
});

test('an envelope names its version and key, and is another one every time', () => {
  const envelopes = Array.from({ length: 100 }, () => seal(secret, scope));
  expect(new Set(envelopes.map((envelope) => envelope.split('.')[2])).size).toBe(100);
  const { version, kid, iv, sealed } = partsOf(envelopes[0] ?? '');
  expect([version, kid]).toEqual(['v1', scope.keyRing.newest.kid]);
  expect([iv.length, sealed.length]).toEqual([12, secret.length + 16]);
  expect(sealed.includes(secret.subarray(0, 4))).toBe(false);
});

test('SF-10 each byte of the iv flipped: does not open', () => {
  const parts = partsOf(seal(secret, scope));
  for (let at = 0; at < 12; at++) {
    for (const mask of [0x01, 0x80, 0xff]) {
      expect(opened(envelopeOf({ ...parts, iv: flipped(parts.iv, at, mask) }))).toEqual(unreadable);
    }
  }
});

test('SF-10 each byte of the ciphertext and of the tag flipped: does not open', () => {
  const parts = partsOf(seal(secret, scope));
  for (let at = 0; at < parts.sealed.length; at++) {
    for (const mask of [0x01, 0x80, 0xff]) {
      expect(opened(envelopeOf({ ...parts, sealed: flipped(parts.sealed, at, mask) }))).toEqual(unreadable);
    }
  }
});

test.each([0, 4, 8, 12, 15])('SF-10 a tag cut to %i bytes does not open', (length) => {
  const parts = partsOf(seal(secret, scope));
  const sealed = parts.sealed.subarray(0, secret.length + length);
  expect(opened(envelopeOf({ ...parts, sealed }))).toEqual(unreadable);
});

test.each([4, 8, 12])('SF-10 nor does an empty secret with a tag cut to %i bytes', (length) => {
  const parts = partsOf(seal(Buffer.alloc(0), scope));
  expect(opened(envelopeOf({ ...parts, sealed: parts.sealed.subarray(0, length) }))).toEqual(unreadable);
});

test('SF-10 another version, and what is no envelope at all, does not open', () => {
  const envelope = seal(secret, scope);
  const [, kid, iv, sealed] = envelope.split('.');
  const bad = [
    '',
    '.',
    '...',
    'v1',
    `v2.${kid}.${iv}.${sealed}`,
    `V1.${kid}.${iv}.${sealed}`,
    `.${kid}.${iv}.${sealed}`,
    `v1.${kid}.${iv}.`,
    `v1.${kid}..${sealed}`,
    `v1..${iv}.${sealed}`,
    `v1.${kid}.${iv}`,
    `${envelope}.`,
    `${envelope}.more`,
    ` ${envelope}`,
    secret.toString(),
    secret.toString('base64url'),
  ];
  for (const text of bad) expect([text, opened(text)]).toEqual([text, unreadable]);
});

test('SF-10 an iv of another length does not open', () => {
  const parts = partsOf(seal(secret, scope));
  expect(opened(envelopeOf({ ...parts, iv: parts.iv.subarray(0, 8) }))).toEqual(unreadable);
  expect(opened(envelopeOf({ ...parts, iv: Buffer.concat([parts.iv, Buffer.alloc(4)]) }))).toEqual(
    unreadable,
  );
});

test('SF-11 what was sealed for A does not open for B, nor in another realm, nor for another purpose', () => {
  const envelope = seal(secret, scope);
  const others: Partial<SealScope>[] = [
    { user: 'B' },
    { user: 'a' },
    { user: '' },
    { user: 'A ' },
    { realm: 'admin' },
    { purpose: 'enrollment' },
  ];
  for (const other of others) expect(opened(envelope, { ...scope, ...other })).toEqual(unreadable);
});

test('SF-11 realm and user cannot be shifted into each other', () => {
  const envelope = seal(secret, { ...scope, realm: 'ab', user: 'c' });
  for (const [realm, user] of [
    ['a', 'bc'],
    ['', 'abc'],
    ['ab1:c', ''],
    ['2:ab', 'c'],
  ] as const) {
    expect(opened(envelope, { ...scope, realm, user })).toEqual(unreadable);
  }
});

test('SF-12 nothing is given of a plaintext whose tag is wrong', () => {
  // Without its tag a stream cipher deciphers: what is refused is exactly what an attacker wrote.
  const { sealing, kid } = scope.keyRing.newest;
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', sealing, iv);
  const sealed = Buffer.concat([cipher.update(secret), cipher.final(), Buffer.alloc(16)]);
  expect(opened(envelopeOf({ version: 'v1', kid, iv, sealed }))).toEqual(unreadable);
});

test('SF-14 the key of an envelope is the one it names, and no other is tried', () => {
  const sealedWithK1 = seal(secret, scope);
  const both = createKeyRing([k2, k1]);
  expect(open(sealedWithK1, { ...scope, keyRing: both })).toEqual(secret);
  expect(opened(sealedWithK1, { ...scope, keyRing: createKeyRing([k2]) })).toEqual(unreadable);

  const renamed = envelopeOf({ ...partsOf(sealedWithK1), kid: both.newest.kid });
  expect(opened(renamed, { ...scope, keyRing: both })).toEqual(unreadable);
  for (const kid of ['AAAAAAAA', '__proto__', 'toString']) {
    const unknown = envelopeOf({ ...partsOf(sealedWithK1), kid });
    expect(opened(unknown, { ...scope, keyRing: both })).toEqual(unreadable);
  }
});

test('the newest key seals, and what an older one sealed is known as such', () => {
  const both = createKeyRing([k2, k1]);
  const older = seal(secret, scope);
  const newer = seal(secret, { ...scope, keyRing: both });
  expect(newer.split('.')[1]).toBe(both.newest.kid);
  expect([isSealedWithOlderKey(older, both), isSealedWithOlderKey(newer, both)]).toEqual([true, false]);
});
