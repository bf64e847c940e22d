import { type MfaStore, redisMfaStore } from 'express-mfa';
import { kyselyMfaStore } from 'express-mfa/kysely';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { createTestRedis } from '../app/create-test-redis.ts';
import { startPostgresServer } from '../servers/postgres-server.ts';
import { startRedisServer } from '../servers/redis-server.ts';
import type { TestServer } from '../servers/test-server.ts';
import { openPostgres } from '../stores/open-postgres.ts';
import { FailingCommands } from './failing-commands.ts';
import { interruptCalls } from './interrupt-calls.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/** An app whose accounts are on a server of their own, behind a proxy; its sessions are elsewhere and safe. */
export interface Stage {
  readonly app: TestApp;
  readonly server: TestServer;
  readonly proxy: TcpProxy;
  readonly commands: FailingCommands;
  readonly calls: ReturnType<typeof interruptCalls>;
  /** The accounts, on a way that no fault of the proxy and no failing command lies on. */
  readonly records: Pick<MfaStore, 'get'>;
  close(): Promise<void>;
}

/** A stage whose server is given, and is stopped with it. */
export async function openStage(
  server: TestServer,
  open: (port: number, commands?: FailingCommands) => Promise<{ store: MfaStore; close(): Promise<void> }>,
): Promise<Stage> {
  const proxy = await startTcpProxy(server.port);
  const commands = new FailingCommands();
  const direct = await open(server.port);
  const faulty = await open(proxy.port, commands);
  const app = await createTestApp({ mfa: { store: faulty.store } });
  return {
    app,
    server,
    proxy,
    commands,
    calls: interruptCalls(app),
    records: direct.store,
    async close() {
      await app.close();
      await Promise.all([faulty.close(), direct.close()]);
      proxy.close();
      await server.stop();
    },
  };
}

async function openOnRedis(port: number, commands?: FailingCommands) {
  const redis = createTestRedis(`redis://127.0.0.1:${port}`);
  await redis.connect();
  return {
    store: redisMfaStore(commands ? commands.redis(redis) : redis),
    close: async () => redis.destroy(),
  };
}

export async function openOnPostgres(port: number, commands?: FailingCommands) {
  const db = await openPostgres(`postgres://postgres@127.0.0.1:${port}/postgres`, 'faults');
  return {
    store: kyselyMfaStore(commands ? db.withPlugin(commands.kysely) : db),
    close: () => db.destroy(),
  };
}

/** The arguments come after those that let it keep what it was told. */
export const redisStage = async (args: readonly string[] = ['--appendfsync', 'always']): Promise<Stage> =>
  openStage(await startRedisServer({ args: ['--appendonly', 'yes', ...args] }), openOnRedis);

export const postgresStage = async (): Promise<Stage> =>
  openStage(await startPostgresServer(), openOnPostgres);
