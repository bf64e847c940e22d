import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type MfaStore, redisMfaStore } from 'express-mfa';
import { createMfaTable, kyselyMfaStore } from 'express-mfa/kysely';
import type { Kysely } from 'kysely';
import { createTestRedis } from '../app/create-test-redis.ts';
import { openMariadb } from './open-mariadb.ts';
import { openPostgres } from './open-postgres.ts';
import { openSqlite } from './open-sqlite.ts';
import type { StoreKind } from './store-kind.ts';

/** Accounts in one place of a database. */
export interface OpenStore {
  /** A store, over the connections of this place. */
  createStore(): MfaStore;
  close(): Promise<void>;
}

const variables: Record<StoreKind, string> = {
  redis: 'REDIS_URL',
  postgres: 'POSTGRES_URL',
  mariadb: 'MARIADB_URL',
  sqlite: 'SQLITE_DIRECTORY',
};

/**
 * Opens a place for accounts.
 *
 * @param place.name two who give the same one share it.
 * @param place.address of the server; default: that of the run. For SQLite, a directory.
 */
export async function openStore(
  kind: StoreKind,
  { name, address = process.env[variables[kind]] ?? '' }: { name: string; address?: string | undefined },
): Promise<OpenStore> {
  if (address === '') throw new Error(`No server for ${kind} was started for this run.`);
  switch (kind) {
    case 'redis': {
      const redis = createTestRedis(address);
      await redis.connect();
      return {
        createStore: () => redisMfaStore(redis, { prefix: name }),
        close: async () => redis.destroy(),
      };
    }
    case 'postgres':
      return onKysely(await openPostgres(address, name));
    case 'mariadb':
      return onKysely(await openMariadb(address, name));
    case 'sqlite': {
      const file = `${createHash('sha256').update(name).digest('hex').slice(0, 16)}.db`;
      const db = await openSqlite(join(address, file));
      await createMfaTable(db).catch(() => undefined);
      return onKysely(db);
    }
  }
}

function onKysely(db: Kysely<unknown>): OpenStore {
  return { createStore: () => kyselyMfaStore(db), close: () => db.destroy() };
}
