import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { createKeyRing } from '../../src/crypto/key-ring.ts';

const newKey = () => randomBytes(32).toString('base64');
const howToMakeOne = `node -e "console.log(require('crypto').randomBytes(32).toString('base64'))"`;

function refusalOf(keys: readonly unknown[]): unknown {
  try {
    createKeyRing(keys);
    return 'accepted';
  } catch (error) {
    return error;
  }
}

test('SF-16 without any key it refuses, and says how to make one', () => {
  expect(refusalOf([])).toMatchObject({
    name: 'MfaConfigError',
    code: 'mfa_config',
    message: `Set \`keys\` to at least one key, made with: ${howToMakeOne}`,
  });
});

test('SF-16 a key that is not set is named by its place', () => {
  expect(refusalOf([newKey(), undefined])).toMatchObject({
    name: 'MfaConfigError',
    message: `\`keys[1]\` is undefined; set it to what this prints: ${howToMakeOne}`,
  });
});

test.each([
  ['empty', ''],
  ['too short', randomBytes(31).toString('base64')],
  ['too long', randomBytes(33).toString('base64')],
  ['all zeros', Buffer.alloc(32).toString('base64')],
  ['one byte over and over', Buffer.alloc(32, 0xaa).toString('base64')],
  ['not base64', `${newKey().slice(0, 40)}!!!!`],
  ['base64 with something behind it', `${newKey()}, `],
  ['base64 with a space in it', newKey().replace(/^(.{10})/, '$1 ')],
  ['hexadecimal', randomBytes(32).toString('hex')],
  ['null', null],
  ['a number', 7],
  ['bytes', randomBytes(32)],
  ['a list', [newKey()]],
])('SF-16 a key that is %s is refused with a sentence that does not repeat it', (_what, key) => {
  const refusal = refusalOf([newKey(), key]);
  expect(refusal).toMatchObject({
    name: 'MfaConfigError',
    message: `\`keys[1]\` is not 32 random bytes in base64; replace it to what this prints: ${howToMakeOne}`,
  });
});

test('SF-16 the same key twice is refused, also where it is written differently', () => {
  const key = newKey();
  const twice = { name: 'MfaConfigError', message: 'Remove the key that is listed twice in `keys`.' };
  expect(refusalOf([key, newKey(), key])).toMatchObject(twice);
  expect(refusalOf([key, Buffer.from(key, 'base64').toString('base64url')])).toMatchObject(twice);
});

test('base64, base64url and a missing padding are the same key', () => {
  const bytes = Buffer.concat([Buffer.from([0xfb, 0xff, 0xbf]), randomBytes(29)]);
  const padded = bytes.toString('base64');
  const [a, b, c] = [padded, padded.replace(/=+$/, ''), bytes.toString('base64url')].map(
    (key) => createKeyRing([key]).newest.kid,
  );
  expect(b).toBe(a);
  expect(c).toBe(a);
});

test('the first key is the newest; every key is found by its id, and nothing else is', () => {
  const [k2, k1] = [newKey(), newKey()];
  const ring = createKeyRing([k2, k1]);
  expect(ring.all).toHaveLength(2);
  expect(ring.newest).toBe(ring.all[0]);
  expect(ring.newest.kid).toBe(createKeyRing([k2]).newest.kid);
  expect(ring.find(createKeyRing([k1]).newest.kid)).toBe(ring.all[1]);
  for (const kid of ['', 'other', '__proto__', 'constructor']) expect(ring.find(kid)).toBeUndefined();
});

test('an id tells nothing of its key, and a key is derived for each purpose', () => {
  const key = newKey();
  const { kid, sealing, backupCodes } = createKeyRing([key]).newest;
  expect(kid).toMatch(/^[A-Za-z0-9_-]{8}$/);
  expect(Buffer.from(key, 'base64').includes(Buffer.from(kid, 'base64url'))).toBe(false);
  const [a, b] = [sealing.export().toString('base64'), backupCodes.export().toString('base64')];
  expect(new Set([a, b, key]).size).toBe(3);
  expect([sealing.symmetricKeySize, backupCodes.symmetricKeySize]).toEqual([32, 32]);
});
