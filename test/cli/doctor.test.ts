import { beforeEach, describe, expect, test } from '@jest/globals';
import { type MfaStore, memoryMfaStore } from 'express-mfa';
import { createKeyRing } from '../../src/crypto/key-ring.ts';
import { keyOf, unmarkedStore } from './open-cli.ts';
import { useCli } from './use-cli.ts';

const kid = (name: string) => createKeyRing([keyOf(name)]).newest.kid;
const production = { env: { NODE_ENV: 'production' } };
const cli = useCli();
beforeEach(() => {
  cli.config.trustProxy = 1;
  cli.config.session = {
    secret: 'x'.repeat(32),
    name: 'acme',
    resave: false,
    saveUninitialized: false,
    store: new Map(),
    cookie: { secure: true, sameSite: 'lax', maxAge: 86_400_000 },
  };
});

/** What the doctor says of one thing. */
async function findings(about: string): Promise<string[]> {
  const { out } = await cli.run(['doctor'], production);
  const lines = out.split('\n').filter((line) => line.slice(8, 20).trim() === about);
  return lines.map((line) => `${line.slice(0, 8).trim()}: ${line.slice(20)}`);
}

test('where everything is as it should be, every finding is ok', async () => {
  cli.config.keys = [keyOf('second'), keyOf('first')];
  const { code, out, err } = await cli.run(['doctor'], production);
  expect([code, err]).toEqual([0, '']);
  const lines = out.trimEnd().split('\n');
  expect(lines.pop()).toBe('Errors: 0, warnings: 0.');
  for (const line of lines) expect(line).toMatch(/^ok {6}[a-z]+ +\S.*\.$/);
  expect([...new Set(lines.map((line) => line.slice(8, 20).trim()))]).toEqual([
    'keys',
    'clock',
    'store',
    'session',
    'environment',
  ]);
});

test('it leaves nothing behind, closes, and counts what it found', async () => {
  let closed = 0;
  cli.config.close = () => closed++;
  cli.config.session = undefined;
  const { code, out } = await cli.run(['doctor']);
  expect(code).toBe(1);
  expect(out).toMatch(/\nErrors: 0, warnings: 2\.\n$/);
  expect(closed).toBe(1);
  const names: string[] = [];
  for await (const name of cli.store.list?.() ?? []) names.push(name);
  expect(names).toEqual([]);
});

describe('keys', () => {
  test('are told by id and role, never as they are', async () => {
    cli.config.keys = [keyOf('second'), keyOf('first')];
    expect(await findings('keys')).toEqual([
      `ok: Key ${kid('second')} is well-formed and seals, since it is the first.`,
      `ok: Key ${kid('first')} is well-formed and only opens what it has sealed before.`,
      'ok: When rotation is done, `express-mfa reseal` says which keys can be removed.',
    ]);
    const { out } = await cli.run(['doctor'], production);
    for (const name of ['second', 'first']) expect(out).not.toContain(keyOf(name).slice(0, 8));
  });

  test('are looked at one by one', async () => {
    cli.config.keys = ['c2VjcmV0', keyOf('first'), undefined, 'A'.repeat(43), keyOf('first')];
    const said = await findings('keys');
    expect(said.filter((line) => line.startsWith('error'))).toEqual([
      expect.stringContaining('`keys[0]` is not 32 random bytes in base64'),
      expect.stringContaining('`keys[2]` is undefined'),
      expect.stringContaining('`keys[3]` is not 32 random bytes in base64'),
      `error: Remove one of the two: key ${kid('first')} is listed twice.`,
    ]);
    expect(said.join()).not.toContain('c2VjcmV0');
  });

  test('have to be there', async () => {
    cli.config.keys = [];
    expect(await findings('keys')).toEqual(['error: List a key: `express-mfa keygen` makes one.']);
  });
});

describe('the store', () => {
  const replaced = (change: (store: MfaStore) => Partial<MfaStore>) => {
    const store = unmarkedStore();
    cli.config.store = { ...store, ...change(store) };
  };

  test('is said to be quick, with figures, and to have a list', async () => {
    expect(await findings('store')).toEqual([
      expect.stringMatching(/^ok: It keeps.*: get \d+\.\d ms, put \d+\.\d ms, delete \d+\.\d ms\.$/),
      'ok: It has `list`, so `express-mfa reseal` can walk the accounts.',
    ]);
  });

  test('must not be in memory', async () => {
    cli.config.store = memoryMfaStore();
    expect((await findings('store'))[0]).toBe(
      'error: Use a durable store: memoryMfaStore forgets who has a second step.',
    );
  });

  test('should have a list', async () => {
    const { get, put, delete: remove } = unmarkedStore();
    cli.config.store = { get, put, delete: remove };
    expect((await findings('store'))[1]).toMatch(/^warning: Give the store a `list`/);
  });

  test.each<[string, (store: MfaStore) => Partial<MfaStore>]>([
    [
      'it gave an account for a name that nobody has',
      () => ({ get: async () => ({ version: '1', data: '{}' }) }),
    ],
    ['it did not write the first version of an account', () => ({ put: async () => false })],
    [
      'it wrote an account that was there already as if it were new',
      ({ get, put }) => ({
        put: async (id, next, expected) => put(id, next, expected ?? (await get(id))?.version),
      }),
    ],
    [
      'it wrote although the expected version was not the stored one',
      ({ get, put }) => ({
        put: async (id, next, expected) => put(id, next, expected && (await get(id))?.version),
      }),
    ],
    [
      'it did not give back what was written',
      ({ put }) => ({ put: (id, next, expected) => put(id, { ...next, data: '{}' }, expected) }),
    ],
    ['it kept an account that was removed', () => ({ delete: async () => undefined })],
  ])('is found out: %s', async (complaint, change) => {
    replaced(change);
    expect(await findings('store')).toContain(
      `error: Mend the store (run the suite of express-mfa/testing on it): ${complaint}.`,
    );
    expect((await cli.run(['doctor'], production)).code).toBe(1);
  });

  test('that fails is told with its reason, and is asked to remove the probe all the same', async () => {
    const removed: string[] = [];
    replaced(() => ({
      put: () => Promise.reject(new Error('no such table: mfa_accounts')),
      delete: (id) => {
        removed.push(id);
        return Promise.reject(new Error('no such table: mfa_accounts'));
      },
    }));
    expect((await findings('store'))[0]).toBe(
      'error: Mend the connection or the schema of the store: no such table: mfa_accounts',
    );
    expect(removed).toEqual([expect.stringMatching(/^doctor [\w-]{22}$/)]);
  });

  test('that is slow should come closer', async () => {
    const { now } = performance;
    let skew = 0;
    performance.now = () => now.call(performance) + skew;
    replaced(({ put }) => ({
      put: (...args) => {
        skew += 150;
        return put(...args);
      },
    }));
    const said = await findings('store');
    performance.now = now;
    expect(said[0]).toMatch(/^warning: Move the store closer: .*put 15\d\.\d ms/);
  });

  test('is probed in the realm', async () => {
    cli.config.realm = 'admins';
    const asked = new Set<string>();
    replaced(({ get }) => ({
      get: (id) => {
        asked.add(id);
        return get(id);
      },
    }));
    await findings('store');
    expect([...asked]).toEqual([expect.stringMatching(/^admins:doctor /)]);
  });
});

describe('the environment', () => {
  test.each([
    [{}, '(it is not set)'],
    [{ NODE_ENV: 'staging' }, '(it is "staging")'],
  ])('should be production: %j', async (env, found) => {
    const { code, out } = await cli.run(['doctor'], { env });
    expect(code).toBe(1);
    expect(out).toMatch(/^warning +environment Set NODE_ENV=production/m);
    expect(out).toContain(found);
  });
});
