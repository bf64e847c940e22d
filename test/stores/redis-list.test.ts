import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type RedisCommands, redisMfaStore } from 'express-mfa';
import { createClient } from 'redis';
import { createTestRedis, type TestRedis } from '../app/create-test-redis.ts';
import { type RedisServer, startRedisServer } from '../servers/redis-server.ts';

let server: RedisServer;
let redis: TestRedis;
beforeAll(async () => {
  server = await startRedisServer();
  redis = createTestRedis(server.url);
  await redis.connect();
});
beforeEach(async () => {
  await redis.flushAll();
});
afterAll(async () => {
  redis.destroy();
  await server.stop();
});

async function namesIn(store: ReturnType<typeof redisMfaStore>): Promise<string[]> {
  const names: string[] = [];
  for await (const name of store.list?.() ?? []) names.push(name);
  return names.sort();
}
const account = { version: 'v', data: '{}', enrolled: true };

test.each(['mfa:', 'a*', 'a?b', '[ab]', 'back\\slash', ''])(
  'the prefix %j is meant to the letter: no other keys are listed',
  async (prefix) => {
    const store = redisMfaStore(redis, { prefix });
    await store.put('A', account, undefined);
    if (prefix !== '') await redis.mSet({ 'mf:A': 'x', aXA: 'x', axbA: 'x', aA: 'x', 'back/slashA': 'x' });
    expect(await namesIn(store)).toEqual(['A']);
  },
);

test('a client that puts a prefix before every key by itself is refused: it would list nothing', async () => {
  const client = createClient({ url: server.url, keyPrefix: 'app:' });
  await client.connect();
  const store = redisMfaStore(client);
  await store.put('A', account, undefined);
  expect((await store.get('A'))?.data).toBe('{}');
  await expect(namesIn(store)).rejects.toThrow('`keyPrefix`');
  client.destroy();
});

test('a client that cannot scan is refused', async () => {
  const commands: RedisCommands = {
    get: async () => null,
    del: async () => 0,
    eval: async () => 1,
    evalSha: async () => 1,
  };
  await expect(namesIn(redisMfaStore(commands))).rejects.toThrow('`scan`');
});

test('a server that was restarted meanwhile ends the list with an error: its cursors mean nothing any more', async () => {
  const durable = await startRedisServer({ args: ['--appendonly', 'yes'] });
  const client = createTestRedis(durable.url);
  await client.connect();
  const store = redisMfaStore(client);
  await Promise.all(
    Array.from({ length: 3_000 }, (_, number) => store.put(`user ${number}`, account, undefined)),
  );
  const listing = async () => {
    let listed = 0;
    for await (const _name of store.list?.() ?? []) {
      if (++listed !== 1_500) continue;
      await durable.restart();
      while (!client.isReady) await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  await expect(listing()).rejects.toThrow();
  client.destroy();
  await durable.stop();
});

test('where INFO is forbidden the keys are listed all the same', async () => {
  const forbidden = async () => {
    throw new Error('NOPERM this user has no permissions');
  };
  const commands = {
    get: async () => null,
    del: async () => 0,
    eval: async () => 1,
    evalSha: async () => 1,
    info: forbidden,
    scan: async () => ({ cursor: '0', keys: ['mfa:A', 'mfa:B'] }),
  };
  expect(await namesIn(redisMfaStore(commands satisfies RedisCommands))).toEqual(['A', 'B']);
});
