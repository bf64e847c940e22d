import type { MfaStore, StoredAccount } from './store.ts';

const brand: unique symbol = Symbol.for('express-mfa.memory-store');

/**
 * Accounts in this process's memory: for trying things out and for tests. They are gone with the process,
 * so `createMfaRouter` refuses it under `NODE_ENV=production`.
 */
export function memoryMfaStore(): MfaStore {
  const accounts = new Map<string, StoredAccount>();
  const store: MfaStore = {
    async get(userId) {
      return accounts.get(userId);
    },
    async put(userId, next, expected) {
      if (accounts.get(userId)?.version !== expected) return false;
      accounts.set(userId, { version: next.version, data: next.data });
      return true;
    },
    async delete(userId) {
      accounts.delete(userId);
    },
    async *list() {
      yield* [...accounts.keys()];
    },
  };
  return Object.assign(store, { [brand]: true });
}

/** Whether `store` is a {@link memoryMfaStore}, of whichever copy of this package. */
export function isMemoryStore(store: object): boolean {
  return brand in store;
}
