import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSentinel } from 'redis';
import { createTestRedis } from '../app/create-test-redis.ts';
import { freePort } from './free-port.ts';
import { redisAnswers } from './redis-ping.ts';
import { type RedisServer, startRedisServer } from './redis-server.ts';
import { launchServer, type ServerProcess } from './server-process.ts';
import { until } from './until.ts';

/** The name by which the sentinels know the master. */
const sentinelName = 'accounts';

/** One master and one replica on loopback, watched by three sentinels. */
export interface RedisSentinels {
  /** The addresses of the sentinels. */
  readonly url: string;
  /** The server that was the master first, and the one that was its replica. */
  readonly first: RedisServer;
  readonly second: RedisServer;
  /** Suspends the replica and ends its connection: the master alone has what is written from now on. */
  separate(): Promise<void>;
  /** A client that follows the master. */
  createClient(): TestSentinel;
  /** Resolves when the sentinels name that server the master. */
  untilMaster(server: RedisServer): Promise<void>;
  stop(): Promise<void>;
}

export type TestSentinel = ReturnType<typeof createTestSentinel>;

/** Sentinels that take a master for dead after half a second. */
export async function startRedisSentinels({
  args = [],
}: {
  args?: readonly string[];
} = {}): Promise<RedisSentinels> {
  const first = await startRedisServer({ args });
  const second = await startRedisServer({ args: ['--replicaof', `127.0.0.1 ${first.port}`, ...args] });
  await untilReplicated(first);
  const running = await Promise.all([0, 1, 2].map(() => startSentinel(first.port)));
  await Promise.all(running.map(untilComplete));
  const url = running.map(({ port }) => `redis://127.0.0.1:${port}`).join();

  return {
    url,
    first,
    second,
    async separate() {
      second.freeze();
      const redis = createTestRedis(first.url);
      await redis.connect();
      // What is on its way to the replica would be read when it goes on.
      await redis.sendCommand(['CLIENT', 'KILL', 'TYPE', 'replica']);
      redis.destroy();
    },
    createClient: () => createTestSentinel(url),
    async untilMaster(server) {
      await Promise.all(running.map((sentinel) => untilNamed(sentinel, server.port)));
    },
    async stop() {
      await Promise.all(running.map(({ stop }) => stop()));
      await Promise.all([first.stop(), second.stop()]);
    },
  };
}

/** With one connection to the master: with a `masterPoolSize` above it, redis 6.3 never answers what has to queue. */
export function createTestSentinel(urls: string) {
  const client = createSentinel({
    name: sentinelName,
    sentinelRootNodes: urls.split(',').map((url) => ({ host: '127.0.0.1', port: Number(new URL(url).port) })),
    nodeClientOptions: { disableOfflineQueue: true, socket: { connectTimeout: 1_000 } },
    scanInterval: 200,
  });
  client.on('error', () => undefined);
  return client;
}

async function startSentinel(masterPort: number) {
  const port = await freePort();
  const directory = await mkdtemp(join(tmpdir(), 'express-mfa-sentinel-'));
  const file = join(directory, 'sentinel.conf');
  await writeFile(
    file,
    `port ${port}
bind 127.0.0.1
dir ${directory}
sentinel monitor ${sentinelName} 127.0.0.1 ${masterPort} 2
sentinel down-after-milliseconds ${sentinelName} 500
sentinel failover-timeout ${sentinelName} 3000
`,
  );
  const server: ServerProcess = await launchServer({
    name: 'redis-sentinel',
    command: 'redis-server',
    args: [file, '--sentinel'],
    log: join(directory, 'log'),
    answers: () => redisAnswers(port),
  });
  return {
    port,
    async stop() {
      await server.end();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function untilReplicated(master: RedisServer): Promise<void> {
  const redis = createTestRedis(master.url);
  await redis.connect();
  await until('The replica did not connect.', async () =>
    /^slave0:.*state=online/m.test(await redis.info('replication')),
  );
  redis.destroy();
}

/** Knows the replica and the other sentinels. */
function untilComplete(sentinel: { port: number }): Promise<void> {
  return until('A sentinel does not know the others.', async () => {
    const master = await ask(sentinel, 'MASTER');
    return master.get('num-other-sentinels') === '2' && master.get('num-slaves') === '1';
  });
}

function untilNamed(sentinel: { port: number }, port: number): Promise<void> {
  return until('The sentinels named no new master.', async () => {
    const master = await ask(sentinel, 'MASTER');
    return master.get('port') === String(port) && !master.get('flags')?.includes('down');
  });
}

async function ask({ port }: { port: number }, what: string): Promise<Map<string, string>> {
  const redis = createTestRedis(`redis://127.0.0.1:${port}`);
  await redis.connect();
  try {
    const reply: unknown = await redis.sendCommand(['SENTINEL', what, sentinelName]);
    const flat = Array.isArray(reply) ? reply.map(String) : Object.entries(Object(reply)).flat().map(String);
    const fields = new Map<string, string>();
    for (let index = 0; index < flat.length; index += 2) fields.set(flat[index] ?? '', flat[index + 1] ?? '');
    return fields;
  } finally {
    redis.destroy();
  }
}
