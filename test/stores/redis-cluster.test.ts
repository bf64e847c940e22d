import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { redisMfaStore } from 'express-mfa';
import { testMfaStore } from 'express-mfa/testing';
import { type RedisCluster, startRedisCluster } from '../servers/redis-cluster.ts';

let cluster: RedisCluster;
beforeAll(async () => {
  cluster = await startRedisCluster();
});
afterAll(() => cluster.stop());

testMfaStore({ test, createStore: () => redisMfaStore(cluster.client) });

test('accounts are spread over the masters: a command never needs two keys', async () => {
  const store = redisMfaStore(cluster.client);
  const users = Array.from({ length: 30 }, (_, number) => `spread ${number}`);
  for (const user of users)
    expect(await store.put(user, { version: 'v', data: user, enrolled: true }, undefined)).toBe(true);
  const counts = await Promise.all(cluster.masters.map(({ redis }) => redis.dbSize()));
  expect(counts.every((count) => count > 0)).toBe(true);
  for (const user of users) expect((await store.get(user))?.data).toBe(user);
});

test('a master that does not know the script is sent it whole', async () => {
  const store = redisMfaStore(cluster.client);
  await store.put('A', { version: 'first', data: '{}', enrolled: true }, undefined);
  await Promise.all(cluster.masters.map(({ redis }) => redis.scriptFlush()));
  expect(await store.put('A', { version: 'second', data: '{}', enrolled: true }, 'first')).toBe(true);
  expect(await store.put('A', { version: 'third', data: '{}', enrolled: true }, 'first')).toBe(false);
  expect(await store.get('A')).toEqual({ version: 'second', data: '{}' });
});
