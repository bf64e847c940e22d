import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type MfaStore, memoryMfaStore, type RedisCommands, redisMfaStore } from 'express-mfa';
import { createMfaTable, kyselyMfaStore } from 'express-mfa/kysely';
import type { Kysely } from 'kysely';
import { createTestRedis } from '../app/create-test-redis.ts';
import { createTestCluster } from '../servers/redis-cluster.ts';
import { createTestSentinel } from '../servers/redis-sentinel.ts';
import { openMariadb } from './open-mariadb.ts';
import { openPostgres } from './open-postgres.ts';
import { openSqlite } from './open-sqlite.ts';
import { type StoreKind, storeKinds } from './store-kind.ts';

/** Accounts in one place of a database. */
export interface OpenStore {
  /** A store, over the connections of this place. */
  createStore(): MfaStore;
  close(): Promise<void>;
}

/**
 * Opens a place for accounts.
 *
 * @param place.name two who give the same one share it; in memory, within a process.
 * @param place.address of the server; default: that of the run. For SQLite, a directory.
 */
export async function openStore(
  kind: StoreKind,
  { name, address = addressOfRun(kind) }: { name: string; address?: string | undefined },
): Promise<OpenStore> {
  switch (kind) {
    case 'redis':
      return onRedis(createTestRedis(address), name);
    case 'redis-cluster':
      return onRedis(createTestCluster(address), name);
    case 'redis-sentinel':
      return onRedis(createTestSentinel(address), name);
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
    case 'memory':
      return inMemory(name);
  }
}

function addressOfRun(kind: StoreKind): string {
  const variable = storeKinds[kind];
  if (variable === undefined) return '';
  const address = process.env[variable];
  if (!address) throw new Error(`No server for ${kind} was started for this run.`);
  return address;
}

async function onRedis(
  redis: RedisCommands & { connect(): Promise<unknown>; destroy(): unknown },
  prefix: string,
): Promise<OpenStore> {
  await redis.connect();
  return {
    createStore: () => redisMfaStore(redis, { prefix }),
    async close() {
      redis.destroy();
    },
  };
}

function onKysely(db: Kysely<unknown>): OpenStore {
  return { createStore: () => kyselyMfaStore(db), close: () => db.destroy() };
}

const memories = new Map<string, MfaStore>();

function inMemory(name: string): OpenStore {
  const store = memories.get(name) ?? memoryMfaStore();
  memories.set(name, store);
  const { get, put, delete: remove, list } = store;
  return {
    // An object of its own each time, for spies; not the one that production refuses, of which some tests are.
    createStore: () => ({ get, put, delete: remove, ...(list ? { list } : {}) }),
    close: async () => undefined,
  };
}
