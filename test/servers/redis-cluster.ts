import { setTimeout as delay } from 'node:timers/promises';
import { createCluster } from 'redis';
import { createTestRedis, type TestRedis } from '../app/create-test-redis.ts';
import { freePort } from './free-port.ts';
import { type RedisServer, startRedisServer } from './redis-server.ts';

const slots = 16_384;
/** A node talks to the others on its port plus this. */
const busOffset = 10_000;

/** Three masters on loopback, without replicas. */
export interface RedisCluster {
  /** The addresses of all masters. */
  readonly url: string;
  readonly client: ReturnType<typeof createTestCluster>;
  readonly masters: readonly { readonly server: RedisServer; readonly redis: TestRedis }[];
  stop(): Promise<void>;
}

/** Takes about two seconds: so long a node waits before it takes writes. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const masters = await Promise.all([0, 1, 2].map(startMaster));
  const [first, ...others] = masters;
  if (!first) throw new Error('A cluster needs a master.');
  for (const { server } of others) await first.redis.clusterMeet('127.0.0.1', server.port);
  await Promise.all(masters.map(({ redis }) => untilReady(redis)));
  const url = masters.map(({ server }) => server.url).join();
  const client = createTestCluster(url);
  await client.connect();
  return {
    url,
    client,
    masters,
    async stop() {
      client.destroy();
      for (const { redis } of masters) redis.destroy();
      await Promise.all(masters.map(({ server }) => server.stop()));
    },
  };
}

export function createTestCluster(urls: string) {
  return createCluster({ rootNodes: urls.split(',').map((url) => ({ url })) });
}

async function startMaster(_: unknown, number: number) {
  const server = await startNode();
  const redis = createTestRedis(server.url);
  await redis.connect();
  const bounds = [number, number + 1].map((third) => Math.floor((third * slots) / 3));
  const [start = 0, end = slots] = bounds;
  await redis.clusterAddSlotsRange({ start, end: end - 1 });
  await redis.clusterSetConfigEpoch(number + 1);
  return { server, redis };
}

async function startNode(tries = 10): Promise<RedisServer> {
  const port = await freePort();
  try {
    if (port + busOffset > 65_535) throw new Error('There is no port for the cluster bus.');
    return await startRedisServer({ port, args: ['--cluster-enabled', 'yes'] });
  } catch (error) {
    // The port of the bus is taken, most likely.
    if (tries === 0) throw error;
    return startNode(tries - 1);
  }
}

async function untilReady(redis: TestRedis): Promise<void> {
  const giveUpAt = Date.now() + 10_000;
  for (;;) {
    const info = await redis.clusterInfo();
    if (info.includes('cluster_state:ok') && info.includes('cluster_known_nodes:3')) return;
    if (Date.now() > giveUpAt) throw new Error(`The cluster was not ready within 10 s:\n${info}`);
    await delay(20);
  }
}
