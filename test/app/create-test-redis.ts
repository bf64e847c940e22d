import { createClient } from 'redis';

export type TestRedis = ReturnType<typeof createTestRedis>;

export function createTestRedis(url = process.env.REDIS_URL ?? '') {
  const client = createClient({
    url,
    disableOfflineQueue: true,
    socket: { connectTimeout: 1_000, reconnectStrategy: () => 50 },
  });
  // A server that is stopped by a test makes its client complain, which is the point of the test.
  client.on('error', () => undefined);
  return client;
}
