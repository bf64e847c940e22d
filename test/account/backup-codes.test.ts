import { randomBytes } from 'node:crypto';
import { expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { type Account, type BackupCode, emptyAccount } from '../../src/account/account.ts';
import {
  areBackupCodesLow,
  backupCodes,
  digestBackupCode,
  newBackupCodes,
  remainingBackupCodes,
} from '../../src/account/backup-codes.ts';
import type { ProofContext } from '../../src/account/factor.ts';
import { crockford } from '../../src/crypto/base32.ts';
import { createKeyRing, type KeyRing } from '../../src/crypto/key-ring.ts';
import { decide } from './decide.ts';

const now = 1_700_000_000_000;
const key = () => randomBytes(32).toString('base64');
const [oldKey, newKey] = [key(), key()];
const keyRing = createKeyRing([oldKey]);
const user = { realm: '', user: 'A' };

/** A code as it is stored; instead of its bcrypt hash a text that `compare` below understands. */
function stored(code: string, ring: KeyRing = keyRing): BackupCode {
  const { index, proof } = digestBackupCode(ring.newest, code, user);
  return { kid: ring.newest.kid, index, hash: `hash of ${proof}` };
}
const [x, y] = ['0123456789ABCDEF', 'GHJKMNPQRSTVWXYZ'];
const account = (more: Partial<Account> = {}): Account => ({
  ...emptyAccount,
  epoch: 'an epoch',
  backupCodes: [stored(x), stored(y)],
  budget: { failures: 3, waitUntil: 0 },
  ...more,
});
const compare = jest.fn(async (text: string, hash: string) => hash === `hash of ${text}`);
const context = (more: Partial<ProofContext> = {}): ProofContext => {
  compare.mockClear();
  return { now, keyRing, ...user, compare, hasMatched: () => false, ...more };
};

test('a right code is spent, the others stay, and all failures are forgotten', async () => {
  const before = account();
  expect(await decide(backupCodes, before, x, context())).toEqual({
    outcome: 'accepted',
    account: { ...before, backupCodes: [stored(y)], budget: { failures: 0, waitUntil: 0 } },
  });
  expect(compare).toHaveBeenCalledTimes(1);
});

test('IL-08 a wrong code is a failure, and costs no comparison', async () => {
  const before = account();
  expect(await decide(backupCodes, before, '0000000000000000', context())).toEqual({
    outcome: 'wrong',
    account: { ...before, budget: { failures: 4, waitUntil: 0 } },
  });
  expect(compare).not.toHaveBeenCalled();
});

test('during a wait a right code is accepted, and a wrong one changes nothing', async () => {
  const waiting = account({ budget: { failures: 8, waitUntil: now + 60_000 } });
  expect((await decide(backupCodes, waiting, x, context())).outcome).toBe('accepted');
  const refused = await decide(backupCodes, waiting, '0000000000000000', context());
  expect(refused.outcome).toBe('waiting');
  expect(refused.account).toBe(waiting);
});

test('what the index finds must also stand the comparison', async () => {
  const forged = account({ backupCodes: [{ ...stored(x), hash: stored(y).hash }] });
  expect((await decide(backupCodes, forged, x, context())).outcome).toBe('wrong');
  expect(compare).toHaveBeenCalledTimes(1);
});

test('the code of another user, or of another realm, is a wrong one', async () => {
  for (const other of [{ user: 'B' }, { realm: 'admin' }, { realm: 'A', user: '' }]) {
    expect((await decide(backupCodes, account(), x, context(other))).outcome).toBe('wrong');
    expect(compare).not.toHaveBeenCalled();
  }
});

test('a code that somebody spent a moment ago is not counted as a guess', async () => {
  const spent = account({ backupCodes: [stored(y)] });
  const decision = await decide(backupCodes, spent, x, context({ hasMatched: () => true }));
  expect(decision).toEqual({ outcome: 'replayed', account: spent });
  expect(decision.account).toBe(spent);
});

test('SF-15 codes of an older key work while it is listed', async () => {
  const rotated = createKeyRing([newKey, oldKey]);
  const mixed = account({ backupCodes: [stored(x), stored(y, rotated)] });
  expect(remainingBackupCodes(mixed, rotated)).toBe(2);
  for (const code of [x, y]) {
    expect((await decide(backupCodes, mixed, code, context({ keyRing: rotated }))).outcome).toBe('accepted');
  }
});

test('SF-15 codes of a key that is gone are no wrong codes: they do not count as remaining, nor as guesses', async () => {
  const onlyNew = createKeyRing([newKey]);
  const mixed = account({ backupCodes: [stored(x), stored(y, onlyNew)] });
  expect(remainingBackupCodes(mixed, onlyNew)).toBe(1);
  const withNewKey = context({ keyRing: onlyNew });
  expect((await decide(backupCodes, mixed, y, withNewKey)).outcome).toBe('accepted');
  await expect(decide(backupCodes, mixed, x, withNewKey)).rejects.toMatchObject({
    code: 'secret_unreadable',
  });
});

test('two or fewer codes are few', () => {
  expect([10, 3, 2, 1, 0].map(areBackupCodesLow)).toEqual([false, false, true, true, true]);
});

test('BC-07 10,000 sets: the alphabet is exactly Crockford’s, evenly at every position, and no code comes twice', () => {
  const guessable = jest.spyOn(Math, 'random').mockImplementation(() => {
    throw new Error('Math.random can be guessed');
  });
  const sets = Array.from({ length: 10_000 }, () => newBackupCodes(randomBytes));
  expect(guessable).not.toHaveBeenCalled();
  guessable.mockRestore();

  const codes = sets.flat();
  expect(codes.length).toBe(100_000);
  expect(codes.every((code) => /^(?:[0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/.test(code))).toBe(true);
  expect(new Set(codes).size).toBe(codes.length);
  const plain = codes.map((code) => code.replaceAll('-', ''));
  for (let position = 0; position < 16; position++) {
    // 31 degrees of freedom: chance goes above 120 once in 10^12 times.
    expect(chiSquared(plain.map((code) => code.charAt(position)))).toBeLessThan(120);
  }
});

/** How far the characters are from being evenly spread over the alphabet. */
function chiSquared(characters: readonly string[]): number {
  const counts = new Map([...crockford].map((character) => [character, 0]));
  for (const character of characters) counts.set(character, (counts.get(character) ?? 0) + 1);
  expect(counts.size).toBe(32);
  const expected = characters.length / 32;
  return [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

test('BC-07 a code is 80 bits of its own, all of them', () => {
  const drawn: Buffer[] = [];
  const codes = newBackupCodes((size) => {
    const bytes = randomBytes(size);
    drawn.push(bytes);
    return bytes;
  });
  expect(drawn.map(({ length }) => length)).toEqual(Array.from({ length: 10 }, () => 10));
  const values = codes.map((code) =>
    [...code.replaceAll('-', '')].reduce((sum, digit) => sum * 32n + BigInt(crockford.indexOf(digit)), 0n),
  );
  expect(values).toEqual(drawn.map((bytes) => BigInt(`0x${bytes.toString('hex')}`)));
});

test('BC-10 a code reads the same however it is written', () => {
  const noise = fc.constantFrom('', ' ', '-', '  ', ' - ');
  const letters = fc.array(fc.tuple(fc.constantFrom(...crockford), fc.boolean(), noise), {
    minLength: 16,
    maxLength: 16,
  });
  fc.assert(
    fc.property(letters, fc.constantFrom({}, { 0: 'o', 1: 'i' }, { 1: 'l' }), (written, misread) => {
      const shapes: Record<string, string> = misread;
      const plain = written.map(([letter]) => letter).join('');
      const text = written.map(([letter, small, gap]) => {
        const shape = shapes[letter] ?? letter;
        return (small ? shape.toLowerCase() : shape.toUpperCase()) + gap;
      });
      const input = text.join('');
      expect(backupCodes.read(input)).toBe(input.length > 64 ? undefined : plain);
    }),
  );
});

test('BC-10 any text is either no code or 16 characters of the alphabet', () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.stringMatching(/^[ -~]{16}$/),
  );
  fc.assert(
    fc.property(text, (input) => {
      const code = backupCodes.read(input);
      if (code !== undefined) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/);
      if (/[^A-Za-z0-9 -]/.test(input)) expect(code).toBeUndefined();
    }),
  );
});

test('the proof that bcrypt is given has fewer than 72 bytes, and shares nothing with the index', () => {
  const { index, proof } = digestBackupCode(keyRing.newest, x, user);
  expect(Buffer.from(index, 'base64url')).toHaveLength(8);
  expect(Buffer.from(proof, 'base64url')).toHaveLength(16);
  expect(proof.length).toBeLessThan(72);
  expect(proof).not.toContain(index);
});

test('with blanks and hyphens between its characters a code may be 64 characters long, and not 65', () => {
  const blanks = (length: number) => x.replace('F', `${' -'.repeat(32).slice(0, length - x.length)}F`);
  expect([64, 65].map(blanks).map((code) => [code.length, backupCodes.read(code)])).toEqual([
    [64, x],
    [65, undefined],
  ]);
});
