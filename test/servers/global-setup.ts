import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeKindOfRun } from '../stores/store-kind.ts';
import { startMariadbServer } from './mariadb-server.ts';
import { startPostgresServer } from './postgres-server.ts';
import { startRedisServer } from './redis-server.ts';

declare global {
  var stopSharedServers: (() => Promise<unknown>)[] | undefined;
}

/**
 * The servers of the whole run, unless a variable names one; the workers inherit the variables. Redis always,
 * for the sessions; another database where `MFA_STORE` names it.
 */
export default async function globalSetup(): Promise<void> {
  await share('REDIS_URL', startRedisServer);
  const kind = storeKindOfRun();
  if (kind === 'postgres')
    await share('POSTGRES_URL', () => startPostgresServer({ args: ['max_connections=200'] }));
  if (kind === 'mariadb') await share('MARIADB_URL', () => startMariadbServer());
  if (kind === 'sqlite') await share('SQLITE_DIRECTORY', createDirectory);
}

async function share(
  variable: string,
  start: () => Promise<{ url: string; stop(): Promise<void> }>,
): Promise<void> {
  if (process.env[variable]) return;
  const { url, stop } = await start();
  process.env[variable] = url;
  globalThis.stopSharedServers = [...(globalThis.stopSharedServers ?? []), stop];
}

async function createDirectory() {
  const url = await mkdtemp(join(tmpdir(), 'express-mfa-sqlite-'));
  return { url, stop: () => rm(url, { recursive: true, force: true }) };
}
