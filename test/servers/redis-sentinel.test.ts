import { afterEach, expect, test } from '@jest/globals';
import { createTestRedis } from '../app/create-test-redis.ts';
import { type RedisSentinels, startRedisSentinels } from './redis-sentinel.ts';
import type { RedisServer } from './redis-server.ts';

let servers: RedisSentinels | undefined;
afterEach(() => servers?.stop());

async function roleOf(server: RedisServer): Promise<string | undefined> {
  const redis = createTestRedis(server.url);
  await redis.connect();
  const info = await redis.info('replication');
  redis.destroy();
  return /^role:(\w+)/m.exec(info)?.[1];
}

test('a master that is frozen is replaced, and the other one has what it was given', async () => {
  servers = await startRedisSentinels();
  const { first, second } = servers;
  expect(await Promise.all([first, second].map(roleOf))).toEqual(['master', 'slave']);
  const client = servers.createClient();
  await client.connect();
  await client.set('key', 'value');
  await client.use((connection) => connection.wait(1, 1_000));
  client.destroy();

  first.freeze();
  await servers.untilMaster(second);
  expect(await roleOf(second)).toBe('master');
  const redis = createTestRedis(second.url);
  await redis.connect();
  expect(await redis.get('key')).toBe('value');
  redis.destroy();
});
