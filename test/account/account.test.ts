import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Account, emptyAccount, parseAccount, serialiseAccount } from '../../src/account/account.ts';
import { isEnrolled } from '../../src/account/factors.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const time = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const count = fc.maxSafeNat();
const accounts: fc.Arbitrary<Account> = fc.record(
  {
    epoch: text,
    totp: fc.record({ secret: text, lastStep: count, enrolledAt: time }),
    backupCodes: fc.array(fc.record({ kid: text, index: text, hash: text }), { maxLength: 10 }),
    budget: fc.record({ failures: count, waitUntil: time }),
    usedLogins: fc.array(fc.record({ id: text, expiresAt: time }), { maxLength: 10 }),
    regeneratedAt: time,
  },
  { requiredKeys: ['epoch', 'backupCodes', 'budget', 'usedLogins'], noNullPrototype: true },
);

const stored = {
  v: 1,
  epoch: 'an epoch',
  totp: { secret: 'sealed', lastStep: 7, enrolledAt: 1_000 },
  backupCodes: [['kid', 'index', 'hash']],
  budget: { failures: 2, waitUntil: 0 },
  usedLogins: [{ id: 'a login', expiresAt: 2_000 }],
};

const unreadable = expect.objectContaining({
  name: 'MfaError',
  code: 'account_unreadable',
  status: 503,
  message: 'The stored account cannot be read.',
});

function read(record: unknown): unknown {
  try {
    return parseAccount(typeof record === 'string' ? record : JSON.stringify(record));
  } catch (error) {
    return error;
  }
}

test('every account is read as it was written', () => {
  fc.assert(
    fc.property(accounts, (account) => {
      expect(parseAccount(serialiseAccount(account))).toEqual(account);
    }),
  );
});

test('the stored form is JSON of schema version 1, with backup codes as triples', () => {
  const account = parseAccount(JSON.stringify(stored));
  expect(account.backupCodes).toEqual([{ kid: 'kid', index: 'index', hash: 'hash' }]);
  expect(JSON.parse(serialiseAccount(account))).toEqual(stored);
  expect(JSON.parse(serialiseAccount(emptyAccount))).toEqual({
    v: 1,
    epoch: '',
    backupCodes: [],
    budget: { failures: 0, waitUntil: 0 },
    usedLogins: [],
  });
});

test('a disabled authenticator leaves no key behind', () => {
  expect(serialiseAccount({ ...parseAccount(JSON.stringify(stored)), totp: undefined })).not.toContain(
    'totp',
  );
});

test.each([[0], [2], [3], ['1'], [null], [undefined], [true], [[1]]])(
  'a record of schema version %p is refused, never guessed',
  (v) => {
    expect(read({ ...stored, v })).toEqual(unreadable);
  },
);

describe('SF-01 whatever is wrong inside `totp`, the user stays enrolled with a secret that opens for nobody', () => {
  const { totp } = stored;
  test.each([
    ['null', null],
    ['text', 'sealed'],
    ['a list', []],
    ['empty', {}],
    ['true', true],
    ['zero', 0],
    ['without a secret', { lastStep: 7, enrolledAt: 1_000 }],
    ['with a secret that is null', { ...totp, secret: null }],
    ['with a secret that is a number', { ...totp, secret: 0 }],
    ['with a secret that is an object', { ...totp, secret: {} }],
    ['without the last step', { secret: 'sealed', enrolledAt: 1_000 }],
    ['with a negative last step', { ...totp, lastStep: -1 }],
    ['with a last step that is text', { ...totp, lastStep: '7' }],
    ['with a last step that is null, as JSON writes NaN', { ...totp, lastStep: null }],
  ])('SF-01 `totp` %s', (_what, broken) => {
    const account = parseAccount(JSON.stringify({ ...stored, totp: broken }));
    expect(isEnrolled({ ...account, backupCodes: [] })).toBe(true);
    const { secret = 'readable', lastStep = 0 } = account.totp ?? {};
    expect(secret === '' || Number.isNaN(lastStep)).toBe(true);
    expect(account.backupCodes).toHaveLength(1);
  });

  test('what can still be read of a damaged authenticator outlives the next write', () => {
    const damaged = parseAccount(JSON.stringify({ ...stored, totp: { ...totp, lastStep: 'x' } }));
    const again = parseAccount(serialiseAccount(damaged));
    expect(again.totp).toEqual({ ...totp, lastStep: Number.NaN });
  });

  test('SF-01 an empty secret is kept as it is', () => {
    const account = parseAccount(JSON.stringify({ ...stored, totp: { ...totp, secret: '' } }));
    expect(account.totp).toEqual({ ...totp, secret: '' });
    expect(isEnrolled(account)).toBe(true);
  });
});

test.each([
  ['nothing', ''],
  ['half of the JSON', JSON.stringify(stored).slice(0, 60)],
  ['JSON with something behind it', `${JSON.stringify(stored)}}`],
  ['null', 'null'],
  ['a list', '[]'],
  ['text', '"account"'],
  ['a number', '1'],
  ['an empty object', '{}'],
])('a record that is %s cannot be read: it is not an empty one', (_what, data) => {
  expect(read(data)).toEqual(unreadable);
});

test.each([
  ['no epoch', { epoch: undefined }],
  ['an epoch that is a number', { epoch: 1 }],
  ['no backup codes', { backupCodes: undefined }],
  ['backup codes that are objects', { backupCodes: [{ kid: 'k', index: 'i', hash: 'h' }] }],
  ['a backup code without a hash', { backupCodes: [['kid', 'index']] }],
  ['a hash that is null', { backupCodes: [['kid', 'index', null]] }],
  ['no budget', { budget: undefined }],
  ['a budget that is null', { budget: null }],
  ['failures that are not counted', { budget: { failures: null, waitUntil: 0 } }],
  ['negative failures', { budget: { failures: -100, waitUntil: 0 } }],
  ['failures that are text', { budget: { failures: '0', waitUntil: 0 } }],
  ['a wait without an end', { budget: { failures: 9, waitUntil: null } }],
  ['no used logins', { usedLogins: undefined }],
  ['a used login without an id', { usedLogins: [{ expiresAt: 1 }] }],
  ['a time that is text', { regeneratedAt: 'yesterday' }],
  ['an origin that nobody knows', { imported: 'sms' }],
])('a record with %s cannot be read', (_what, change) => {
  expect(read({ ...stored, ...change })).toEqual(unreadable);
});

test('the error repeats nothing of the record', () => {
  const error = read({ ...stored, epoch: 5, totp: { secret: 'SEALED-THING' } });
  expect(error).toEqual(unreadable);
  expect(String((error as Error).stack)).not.toContain('SEALED-THING');
  expect((error as Error).cause).toBeUndefined();
});

test('keys that are not ours neither come in nor go out', () => {
  const account = parseAccount(`{"__proto__":{"totp":{}},"isAdmin":true,${JSON.stringify(stored).slice(1)}`);
  const missing = Object.entries(account).filter(([, value]) => value === undefined);
  expect(missing.map(([name]) => name).sort()).toEqual(['imported', 'recordId', 'regeneratedAt']);
  expect(Object.keys(account)).toHaveLength(5 + missing.length);
  expect(account).not.toHaveProperty('isAdmin');
  expect(Object.getPrototypeOf(account)).toBe(Object.prototype);
});
