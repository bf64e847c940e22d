import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Account, emptyAccount, parseAccount, serialiseAccount } from '../../src/account/account.ts';
import { isEnrolled } from '../../src/account/factors.ts';
import { totpState } from '../../src/account/totp.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const time = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const count = fc.maxSafeNat();
const accounts: fc.Arbitrary<Account> = fc.record(
  {
    epoch: text,
    authenticators: fc.array(
      fc.record({ id: text, kind: text, name: text, addedAt: time, secret: text, lastStep: count }),
      { maxLength: 3 },
    ),
    backupCodes: fc.array(fc.record({ kid: text, index: text, hash: text }), { maxLength: 10 }),
    budget: fc.record({ failures: count, waitUntil: time }),
    used: fc.array(fc.record({ id: text, expiresAt: time }), { maxLength: 10 }),
    regeneratedAt: time,
  },
  { requiredKeys: ['epoch', 'authenticators', 'backupCodes', 'budget', 'used'], noNullPrototype: true },
);

const app = { id: 'an id', kind: 'totp', name: 'Phone', addedAt: 1_000, secret: 'sealed', lastStep: 7 };
const stored = {
  v: 2,
  epoch: 'an epoch',
  authenticators: [app],
  backupCodes: [['kid', 'index', 'hash']],
  budget: { failures: 2, waitUntil: 0 },
  used: [{ id: 'a login', expiresAt: 2_000 }],
};
/** The same, as release 0.1.0 wrote it. */
const storedV1 = {
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

test('the stored form is JSON of schema version 2, with backup codes as triples', () => {
  const account = parseAccount(JSON.stringify(stored));
  expect(account.backupCodes).toEqual([{ kid: 'kid', index: 'index', hash: 'hash' }]);
  expect(JSON.parse(serialiseAccount(account))).toEqual(stored);
  expect(JSON.parse(serialiseAccount(emptyAccount))).toEqual({
    v: 2,
    epoch: '',
    authenticators: [],
    backupCodes: [],
    budget: { failures: 0, waitUntil: 0 },
    used: [],
  });
});

test('a record of schema version 1 is read as one of 2, and is written as such', () => {
  const account = parseAccount(JSON.stringify(storedV1));
  const { name: _none, ...rest } = app;
  expect(account).toEqual(
    parseAccount(JSON.stringify({ ...stored, authenticators: [{ ...rest, id: 'totp' }] })),
  );
  expect(JSON.parse(serialiseAccount(account)).v).toBe(2);
  const { totp: _totp, ...without } = storedV1;
  expect(parseAccount(JSON.stringify(without)).authenticators).toEqual([]);
});

test('members and kinds that this release does not know are kept, and stand in nobody’s way', () => {
  const passkey = {
    id: 'p',
    kind: 'passkey',
    name: 'Key',
    addedAt: 1,
    publicKey: 'k',
    flags: { backedUp: true },
  };
  const later = {
    ...stored,
    authenticators: [{ ...app, algorithm: 'SHA256' }, passkey],
    browsers: [{ id: 'b', hash: 'h' }],
    reset: null,
  };
  const account = parseAccount(JSON.stringify(later));
  expect(JSON.parse(serialiseAccount({ ...account, epoch: 'another' }))).toEqual({
    ...later,
    epoch: 'another',
  });
  expect(JSON.parse(serialiseAccount(parseAccount(JSON.stringify({ ...storedV1, note: 1 }))))).toHaveProperty(
    'note',
    1,
  );
  // So that no release that is older turns the second step off.
  expect(isEnrolled({ ...emptyAccount, authenticators: account.authenticators.slice(1) })).toBe(true);
});

test.each([[0], [3], [4], ['1'], ['2'], [null], [undefined], [true], [[1]]])(
  'a record of schema version %p is refused, never guessed',
  (v) => {
    expect(read({ ...stored, v })).toEqual(unreadable);
  },
);

describe('SF-01 whatever is wrong inside an authenticator, the user stays enrolled, and it opens for nobody', () => {
  const { totp } = storedV1;
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
  ])('SF-01 an authenticator app that is %s, of either version', (_what, broken) => {
    const inV2 = typeof broken === 'object' && !Array.isArray(broken) ? { kind: 'totp', ...broken } : broken;
    for (const record of [
      { ...storedV1, totp: broken },
      { ...stored, authenticators: [inV2] },
    ]) {
      const account = parseAccount(JSON.stringify(record));
      expect(isEnrolled({ ...account, backupCodes: [] })).toBe(true);
      expect(account.backupCodes).toHaveLength(1);
      for (const authenticator of account.authenticators) {
        const { secret, lastStep } = totpState(authenticator);
        expect(secret === '' || Number.isNaN(lastStep)).toBe(true);
      }
    }
  });

  test('what can still be read of a damaged authenticator outlives the next write', () => {
    const damaged = parseAccount(JSON.stringify({ ...stored, authenticators: [{ ...app, lastStep: 'x' }] }));
    const again = parseAccount(serialiseAccount(damaged));
    expect(again.authenticators).toEqual([{ ...app, lastStep: 'x' }]);
  });

  test('SF-01 an empty secret is kept as it is', () => {
    const account = parseAccount(JSON.stringify({ ...stored, authenticators: [{ ...app, secret: '' }] }));
    expect(account.authenticators).toEqual([{ ...app, secret: '' }]);
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
  ['no authenticators', { authenticators: undefined }],
  ['authenticators that are no list', { authenticators: {} }],
  ['no used logins', { used: undefined }],
  ['a used login without an id', { used: [{ expiresAt: 1 }] }],
  ['a time that is text', { regeneratedAt: 'yesterday' }],
  ['an origin that nobody knows', { imported: 'sms' }],
])('a record with %s cannot be read', (_what, change) => {
  expect(read({ ...stored, ...change })).toEqual(unreadable);
});

test('the error repeats nothing of the record', () => {
  const error = read({ ...stored, epoch: 5, authenticators: [{ ...app, secret: 'SEALED-THING' }] });
  expect(error).toEqual(unreadable);
  expect(String((error as Error).stack)).not.toContain('SEALED-THING');
  expect((error as Error).cause).toBeUndefined();
});

test('a member by the name of the prototype is one like any other', () => {
  const account = parseAccount(`{"__proto__":{"authenticators":[]},${JSON.stringify(stored).slice(1)}`);
  expect(account.authenticators).toHaveLength(1);
  expect(Object.getPrototypeOf(account)).toBe(Object.prototype);
});
