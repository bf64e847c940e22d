import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { accountKey, isUserId, type UserId, userKey } from '../src/user-id.ts';

const good: UserId[] = [
  'A',
  'a b',
  ' ',
  '0',
  'admin:7',
  ':',
  'ä→漢🔐',
  '__proto__',
  7,
  0,
  -1,
  2 ** 53 - 1,
  '7',
];
const bad: unknown[] = [
  '',
  '\ud800',
  'nul\0',
  'x\udfff',
  1.5,
  2 ** 53,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  7n,
  true,
  null,
  undefined,
  {},
  [],
  ['A'],
  Symbol('A'),
  new String('A'),
  new Date(),
];

test.each(good)('%p is a user id, and stored as text', (id) => {
  expect(userKey(id)).toBe(String(id));
  expect(isUserId(id)).toBe(true);
});

test.each(bad)('%p is no user id, and the sentence says what to pass', (id) => {
  expect(() => userKey(id as UserId)).toThrow(
    new TypeError('Pass the user id as a non-empty string or a safe integer, as your user table has it.'),
  );
  expect(isUserId(id)).toBe(false);
});

describe('the name under which an account is stored', () => {
  const realm = fc.constantFrom('', 'admin', 'a', 'a-b', '0');
  const id = fc.oneof(
    fc.string({ unit: fc.constantFrom('a', ':', '-', 'admin', '0', '7'), minLength: 1, maxLength: 6 }),
    fc.integer(),
  );

  test('is that of no other user of any realm', () => {
    fc.assert(
      fc.property(realm, id, realm, id, (realmA, idA, realmB, idB) => {
        const same = realmA === realmB && String(idA) === String(idB);
        expect(accountKey(realmA, idA) === accountKey(realmB, idB)).toBe(same);
      }),
      { numRuns: 2_000 },
    );
  });

  test('without a realm is the id itself, where it has no colon', () => {
    expect(accountKey('', 7)).toBe('7');
    expect(accountKey('', 'A')).toBe('A');
    expect(accountKey('admin', 7)).toBe('admin:7');
    expect(accountKey('', 'admin:7')).toBe(':admin:7');
  });

  test('is refused for what is no user id', () => {
    expect(() => accountKey('admin', '')).toThrow(TypeError);
  });
});
