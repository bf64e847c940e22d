import type { MfaStore, StoredAccount } from 'express-mfa';

type Database = Map<string, StoredAccount>;
type Put = MfaStore['put'];

/** Stores over one database that do everything right, but for what a planted fault puts in its place. */
export function faulty(fault: (accounts: Database, right: MfaStore) => Partial<MfaStore>): () => MfaStore {
  const accounts: Database = new Map();
  const right: MfaStore = {
    get: async (userId) => accounts.get(userId),
    async put(userId, next, expected) {
      if (accounts.get(userId)?.version !== expected) return false;
      accounts.set(userId, next);
      return true;
    },
    async delete(userId) {
      accounts.delete(userId);
    },
  };
  return () => ({ ...right, ...fault(accounts, right) });
}

const later = () => new Promise((resolve) => setImmediate(resolve));
const write =
  (accounts: Database, allowed: (...put: Parameters<Put>) => boolean): Put =>
  async (userId, next, expected) => {
    if (!allowed(userId, next, expected)) return false;
    accounts.set(userId, next);
    return true;
  };

const race = 'of 50 who replace the same version at once exactly one succeeds, round after round';
const raceToCreate = 'of 50 who create at once exactly one succeeds';
const stale = 'put refuses an older version and changes nothing';

/** What a store can get wrong, the test of the contract that must fail then, and such a store. */
export const plantedFaults: readonly (readonly [fault: string, test: string, createStore: () => MfaStore])[] =
  [
    [
      'believes a write that changed nothing',
      stale,
      faulty((_, right) => ({ put: async (...args) => (await right.put(...args)) || true })),
    ],
    ['ignores the version', stale, faulty((accounts) => ({ put: write(accounts, () => true) }))],
    [
      'writes what a lost race should not',
      race,
      faulty((accounts, right) => ({
        async put(userId, next, expected) {
          const won = await right.put(userId, next, expected);
          accounts.set(userId, next);
          return won;
        },
      })),
    ],
    [
      'looks first and writes later',
      race,
      faulty((accounts) => ({
        async put(userId, next, expected) {
          if (accounts.get(userId)?.version !== expected) return false;
          await later();
          accounts.set(userId, next);
          return true;
        },
      })),
    ],
    [
      'looks first and writes later when it creates',
      raceToCreate,
      faulty((accounts, right) => ({
        async put(userId, next, expected) {
          if (expected !== undefined) return right.put(userId, next, expected);
          if (accounts.has(userId)) return false;
          await later();
          accounts.set(userId, next);
          return true;
        },
      })),
    ],
    [
      'creates over what exists',
      'put does not create over an account that exists',
      faulty((accounts) => ({
        put: write(
          accounts,
          (user, _, expected) => expected === undefined || accounts.get(user)?.version === expected,
        ),
      })),
    ],
    [
      'creates where a version was expected',
      'put with an expected version does not create',
      faulty((accounts) => ({
        put: write(
          accounts,
          (user, _, expected) => !accounts.has(user) || accounts.get(user)?.version === expected,
        ),
      })),
    ],
    [
      'compares only the beginning of the version',
      'put refuses a version that is only the beginning of the stored one',
      faulty((accounts) => ({
        put: write(accounts, (user, _, expected) =>
          expected === undefined
            ? !accounts.has(user)
            : (accounts.get(user)?.version.startsWith(expected) ?? false),
        ),
      })),
    ],
    [
      'keeps the old version',
      'put replaces the expected version',
      faulty((accounts, right) => ({
        put: (userId, next, expected) =>
          right.put(userId, { ...next, version: accounts.get(userId)?.version ?? next.version }, expected),
      })),
    ],
    [
      'answers 1 and 0',
      'put replaces the expected version',
      faulty((_, right) => ({
        put: async (...args) => Number(await right.put(...args)) as unknown as boolean,
      })),
    ],
    [
      'answers null where there is nothing',
      'get gives undefined for a user who was never stored',
      faulty((_, right) => ({
        get: async (userId) => (await right.get(userId)) ?? (null as unknown as undefined),
      })),
    ],
    [
      'does not remove',
      'delete removes, and the version of before matches nothing any more',
      faulty(() => ({ delete: async () => undefined })),
    ],
    [
      'fails to remove what is not there',
      'delete of a user who is not there is a no-op',
      faulty((accounts) => ({
        async delete(userId) {
          if (!accounts.delete(userId)) throw new Error('not there');
        },
      })),
    ],
    [
      'reads from a cache of its connection',
      'what one connection wrote or removed, another sees at once, also where it has read before',
      faulty((_, right) => {
        const cache: Database = new Map();
        return {
          async get(userId) {
            const account = cache.get(userId) ?? (await right.get(userId));
            if (account) cache.set(userId, account);
            return account;
          },
          async put(userId, next, expected) {
            cache.delete(userId);
            return right.put(userId, next, expected);
          },
        };
      }),
    ],
    [
      'takes names for the same that differ in case',
      'users do not see each other, however alike their names are',
      faulty((accounts, right) => ({
        get: (userId) => right.get(userId.toLowerCase()),
        put: (userId, next, expected) => right.put(userId.toLowerCase(), next, expected),
        delete: async (userId) => void accounts.delete(userId.toLowerCase()),
      })),
    ],
    [
      'drops spaces at the end of names',
      'users do not see each other, however alike their names are',
      faulty((_, right) => ({
        get: (userId) => right.get(userId.trimEnd()),
        put: (userId, next, expected) => right.put(userId.trimEnd(), next, expected),
      })),
    ],
    [
      'cuts off long data',
      'data comes back to the letter, 64 kB of it and in any script',
      faulty((_, right) => ({
        put: (userId, next, expected) =>
          right.put(userId, { ...next, data: next.data.slice(0, 65_535) }, expected),
      })),
    ],
    [
      'knows one byte a character',
      'data comes back to the letter, 64 kB of it and in any script',
      faulty((_, right) => ({
        put: (userId, next, expected) =>
          right.put(userId, { ...next, data: Buffer.from(next.data, 'latin1').toString('latin1') }, expected),
      })),
    ],
  ];
