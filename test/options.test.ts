import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createMfaRouter, MfaConfigError, type MfaOptions, memoryMfaStore } from 'express-mfa';
import { isMfaConfigError } from '../src/errors.ts';

const key = randomBytes(32).toString('base64');
const store = { get: async () => undefined, put: async () => true, delete: async () => undefined };
const complete: MfaOptions = {
  issuer: 'Acme',
  keys: [key],
  store,
  currentUserId: () => undefined,
  logIn: () => undefined,
  accountName: () => 'name',
  // A clock of its own, so that any number of routers may have the same realm.
  now: Date.now,
};

/** What a host in plain JavaScript might pass. */
function create(options: unknown) {
  return createMfaRouter(options as MfaOptions);
}

/** Refused at once, with one sentence that names the option. */
function expectRefused(options: unknown, names: string): void {
  let thrown: unknown;
  try {
    create(options);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(MfaConfigError);
  expect(isMfaConfigError(thrown)).toBe(true);
  const { message } = thrown as MfaConfigError;
  expect(message).toContain(names);
  expect(message.length).toBeLessThan(200);
  expect(message).toMatch(/[.")]$/);
  expect(message).not.toContain('\n');
  expect(message).not.toContain(key);
}

test('the options of the README are taken', () => {
  expect(() => create(complete)).not.toThrow();
});

test.each(['issuer', 'keys', 'store', 'currentUserId', 'logIn', 'accountName'])(
  'IC-09 without `%s` it is refused',
  (name) => {
    const { [name as keyof MfaOptions]: _missing, ...rest } = complete;
    expectRefused(rest, `\`${name}\``);
    expectRefused({ ...complete, [name]: undefined }, `\`${name}`);
    expectRefused({ ...complete, [name]: null }, `\`${name}`);
  },
);

test.each([undefined, null, 'options', 7, () => complete])('IC-09 %p is no options', (options) => {
  expectRefused(options, 'object of options');
});

const hooks = [
  'currentUserId',
  'logIn',
  'accountName',
  'verifyPassword',
  'sessionRenewed',
  'onDenied',
  'onError',
  'now',
];
const paths = ['path', 'challengePath', 'setupPath', 'loginPath', 'homePath'];
const notText = [7, Number.NaN, true, {}, [], null];

const wrong: Record<string, readonly unknown[]> = {
  issuer: [...notText, '', 'Acme: the shop', 'x'.repeat(101), '\ud800'],
  keys: [key, {}, 7, null, new Set([key])],
  store: [null, 'redis', 7, {}, () => store, { get: store.get, put: store.put }, { ...store, put: 'put' }],
  preserveSession: ['cart', [7], ['cookie'], ['mfa'], ['mfa:admin'], ['passport'], ['cart', null], {}],
  realm: [...notText, '', 'Admin', 'a:b', 'a b', 'x'.repeat(33), '../x', 'ä'],
  trustedOrigins: [
    'https://app.example.com',
    ['*'],
    ['null'],
    [''],
    ['app.example.com'],
    ['https://app.example.com/'],
    ['https://app.example.com/path'],
    ['https://App.example.com'],
    ['https://*.example.com'],
    [/example/],
    [null],
  ],
};
for (const name of hooks) wrong[name] = ['a string', 7, Number.NaN, {}, [], true, null];
for (const name of paths) {
  wrong[name] = [...notText, '', 'mfa', '//evil', 'https://x.example/', '/a\\b', '/a b', '/a?b', '/a#b'];
}

describe.each(Object.entries(wrong))('IC-09 `%s`', (name, values) => {
  test.each(values.map((value) => [value]))('%p is refused', (value) => {
    expectRefused({ ...complete, [name]: value }, `\`${name}`);
  });
});

test.each([
  ['none', []],
  ['undefined, as of a variable that is not set', [undefined]],
  ['an empty one', ['']],
  ['31 bytes', [randomBytes(31).toString('base64')]],
  ['33 bytes', [randomBytes(33).toString('base64')]],
  ['64 hexadecimal digits', [randomBytes(32).toString('hex')]],
  ['32 characters that are no base64', ['!'.repeat(43)]],
  ['all zeros', [Buffer.alloc(32).toString('base64')]],
  ['one byte 32 times', [Buffer.alloc(32, 7).toString('base64')]],
  ['the same one twice', [key, key]],
  ['the same one in base64url', [key, Buffer.from(key, 'base64').toString('base64url')]],
  ['a Buffer', [randomBytes(32)]],
  ['a bad one behind a good one', [key, 'short']],
])('IC-09 as `keys`, %s is refused', (_name, keys) => {
  expectRefused({ ...complete, keys }, '`keys');
});

test('IC-09 an option that does not exist is refused: a typo must not switch something off', () => {
  expectRefused({ ...complete, trustedOrigin: ['https://app.example.com'] }, '`trustedOrigin`');
  expectRefused({ ...complete, verifypassword: () => true }, '`verifypassword`');
});

test.each([
  { maxAge: Number.NaN },
  { maxAge: 29_999 },
  { maxAge: 300 },
  { maxAge: -1 },
  { maxAge: '60000' },
  { maxAge: Number.POSITIVE_INFINITY },
  { maxAge: null },
  { unenrolled: 'maybe' },
  { unenrolled: true },
])('IC-09 the guard refuses %p when it is made', async (options) => {
  const mfa = create(complete);
  expect(() => mfa.requireMfa(options as object)).toThrow(MfaConfigError);
  const anyRequest = {} as Parameters<typeof mfa.check>[0];
  await expect(mfa.check(anyRequest, options as object)).rejects.toThrow(MfaConfigError);
});

test('the least `maxAge` is 30 seconds', () => {
  expect(() => create(complete).requireMfa({ maxAge: 30_000 })).not.toThrow();
});

describe('in production', () => {
  const { now, ...inProduction } = complete;
  let before: string | undefined;
  beforeEach(() => {
    before = process.env.NODE_ENV;
    process.env.NODE_ENV = 'production';
  });
  afterEach(() => {
    process.env.NODE_ENV = before;
  });

  test('IC-09 a clock for tests is refused', () => {
    expectRefused({ ...complete, now }, '`now`');
  });

  test('IC-09 the memory store is refused', () => {
    expectRefused({ ...inProduction, store: memoryMfaStore() }, '`store`');
  });
});

describe('realms', () => {
  const { now: _now, ...real } = complete;

  test('IC-09 two routers of one realm in a process are refused, so that customer 7 is not admin 7', () => {
    create({ ...real, realm: 'one' });
    expectRefused({ ...real, realm: 'one' }, '`realm`');
    create(real);
    expectRefused(real, '`realm`');
    expect(() => create({ ...real, realm: 'two' })).not.toThrow();
  });

  test('a router that was refused for another reason does not take the realm', () => {
    expectRefused({ ...real, realm: 'three', issuer: '' }, '`issuer`');
    expectRefused({ ...real, realm: 'three', keys: [] }, '`keys`');
    expect(() => create({ ...real, realm: 'three' })).not.toThrow();
  });

  test('routers of tests, with clocks of their own, may share one', () => {
    expect(() => [
      create({ ...complete, realm: 'one' }),
      create({ ...complete, realm: 'one' }),
    ]).not.toThrow();
  });
});
