/** Where the tests of the whole library can have accounts, and the variable that tells the address of the run's. */
export const storeKinds = {
  redis: 'REDIS_URL',
  'redis-cluster': 'REDIS_CLUSTER_URL',
  'redis-sentinel': 'REDIS_SENTINEL_URL',
  postgres: 'POSTGRES_URL',
  mariadb: 'MARIADB_URL',
  sqlite: 'SQLITE_DIRECTORY',
  memory: undefined,
} as const;
export type StoreKind = keyof typeof storeKinds;

/** Where the accounts of this run are: `MFA_STORE=postgres npm test`. */
export function storeKindOfRun(): StoreKind {
  const named = process.env.MFA_STORE ?? 'redis';
  if (isStoreKind(named)) return named;
  throw new Error(`MFA_STORE is one of ${Object.keys(storeKinds).join(', ')}, and not ${named}.`);
}

const isStoreKind = (name: string): name is StoreKind => Object.hasOwn(storeKinds, name);
