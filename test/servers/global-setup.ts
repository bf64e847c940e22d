import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type StoreKind, storeKindOfRun, storeKinds } from '../stores/store-kind.ts';
import { startMariadbServer } from './mariadb-server.ts';
import { startPostgresServer } from './postgres-server.ts';
import { startRedisCluster } from './redis-cluster.ts';
import { startRedisSentinels } from './redis-sentinel.ts';
import { startRedisServer } from './redis-server.ts';

interface SharedServer {
  readonly url: string;
  stop(): Promise<unknown>;
}

declare global {
  var stopSharedServers: (() => Promise<unknown>)[] | undefined;
}

/** What is started for a kind of store, beside the Redis that has the sessions. */
const starts: Partial<Record<StoreKind, () => Promise<SharedServer>>> = {
  'redis-cluster': startRedisCluster,
  'redis-sentinel': startRedisSentinels,
  postgres: () => startPostgresServer({ args: ['max_connections=200'] }),
  mariadb: startMariadbServer,
  sqlite: createDirectory,
};

/** The servers of the whole run, unless a variable names one; the workers inherit the variables. */
export default async function globalSetup(): Promise<void> {
  await share('REDIS_URL', startRedisServer);
  const kind = storeKindOfRun();
  const variable = storeKinds[kind];
  const start = starts[kind];
  if (variable && start) await share(variable, start);
}

async function share(variable: string, start: () => Promise<SharedServer>): Promise<void> {
  if (process.env[variable]) return;
  const { url, stop } = await start();
  process.env[variable] = url;
  globalThis.stopSharedServers = [...(globalThis.stopSharedServers ?? []), stop];
}

async function createDirectory(): Promise<SharedServer> {
  const url = await mkdtemp(join(tmpdir(), 'express-mfa-sqlite-'));
  return { url, stop: () => rm(url, { recursive: true, force: true }) };
}
