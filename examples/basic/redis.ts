import { createClient } from 'redis';
import type { KeyValue } from './key-value.ts';

export type Redis = Awaited<ReturnType<typeof connectRedis>>;

/** A client that fails when the server is gone, and comes back with it. Waits for the server at first. */
export async function connectRedis(url: string) {
  const client = createClient({
    url,
    // Without these, requests hang for as long as a server is down or frozen, instead of failing.
    disableOfflineQueue: true,
    pingInterval: 1_000,
    socket: {
      connectTimeout: 1_000,
      socketTimeout: 2_500,
      // The default strategy gives up after a socket timeout.
      reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, 1_000),
    },
  });
  // Without a listener an error of the connection ends the process. One line for each time it goes away.
  let down = false;
  client.on('error', (error: NodeJS.ErrnoException) => {
    if (!down) console.error(`Redis does not answer, trying again: ${error.code ?? error.message}`);
    down = true;
  });
  client.on('ready', () => {
    if (down) console.error('Redis answers again.');
    down = false;
  });
  await client.connect();
  return client;
}

export function redisKeyValue(redis: Redis): KeyValue {
  return {
    async get(key) {
      return (await redis.get(key)) ?? undefined;
    },
    async set(key, value, lifeMs) {
      await redis.set(key, value, lifeMs === undefined ? {} : { expiration: { type: 'PX', value: lifeMs } });
    },
    async claim(key, value) {
      return (await redis.set(key, value, { condition: 'NX' })) !== null;
    },
    async remove(key) {
      return (await redis.del(key)) === 1;
    },
  };
}
