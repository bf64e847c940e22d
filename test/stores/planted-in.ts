import type { MfaStore } from 'express-mfa';

/** The three faults that a store must not have, planted in one that is right. */
export const faultsPlantedIn: Readonly<Record<string, (store: MfaStore) => MfaStore>> = {
  'believes a write that changed nothing': (store) => ({
    ...store,
    put: async (...write) => (await store.put(...write)) || true,
  }),
  'ignores the version': (store) => ({
    ...store,
    async put(userId, next) {
      return store.put(userId, next, (await store.get(userId))?.version);
    },
  }),
  'writes what a lost race should not': (store) => ({
    ...store,
    async put(userId, next, expected) {
      const won = await store.put(userId, next, expected);
      if (!won) await store.put(userId, next, (await store.get(userId))?.version);
      return won;
    },
  }),
};
