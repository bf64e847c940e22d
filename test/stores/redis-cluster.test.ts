import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { redisMfaStore } from 'express-mfa';
import { type RedisCluster, startRedisCluster } from '../servers/redis-cluster.ts';
import { testStore } from './test-store.ts';

let cluster: RedisCluster;
beforeAll(async () => {
  cluster = await startRedisCluster();
});
afterAll(() => cluster.stop());

testStore(() => redisMfaStore(cluster.client));

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

test('replicas are waited for on the master that has the account', async () => {
  const store = redisMfaStore(cluster.client, { waitForReplicas: 1, prefix: 'waits:' });
  await expect(store.put('A', { version: '1', data: '{}', enrolled: true }, undefined)).rejects.toThrow(
    '0 of 1 replicas acknowledged the write.',
  );
});

test('one master that evicts is enough to be refused', async () => {
  const [, , third] = cluster.masters;
  await third?.redis.configSet('maxmemory-policy', 'allkeys-lru');
  const warnings = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  await expect(redisMfaStore(cluster.client).get('A')).rejects.toMatchObject({ code: 'mfa_config' });
  await third?.redis.configSet('maxmemory-policy', 'noeviction');
  warnings.mockRestore();
});

test('while slots move, a list says so instead of missing accounts', async () => {
  const [first, second] = cluster.masters;
  const target = String(await second?.redis.sendCommand(['CLUSTER', 'MYID']));
  await first?.redis.sendCommand(['CLUSTER', 'SETSLOT', '0', 'MIGRATING', target]);
  const listing = async () => {
    for await (const _name of redisMfaStore(cluster.client).list?.() ?? []);
  };
  await expect(listing()).rejects.toThrow('are moving');
  await first?.redis.sendCommand(['CLUSTER', 'SETSLOT', '0', 'STABLE']);
  await listing();
});

test('a master that does not answer keeps nobody from the accounts on the others', async () => {
  const store = redisMfaStore(cluster.client);
  const users = Array.from({ length: 20 }, (_, number) => `healthy ${number}`);
  for (const user of users) await store.put(user, { version: '1', data: '{}', enrolled: true }, undefined);
  const [, , third] = cluster.masters;
  third?.server.freeze();
  const fresh = redisMfaStore(cluster.client);
  const answers = users.map((user) => fresh.get(user).then(() => 'answered'));
  const late = delay(1_200, 'late', { ref: false });
  const seen = await Promise.all(answers.map((answer) => Promise.race([answer, late])));
  third?.server.thaw();
  await Promise.all(answers);
  expect(seen.filter((each) => each === 'answered').length).toBeGreaterThan(5);
  expect(seen).toContain('late');
});

test('a cluster client that cannot name the connection of a key is refused', async () => {
  const { masters } = cluster.client;
  const call = async () => 1;
  const old = { masters, get: call, del: call, eval: call, evalSha: call };
  const store = redisMfaStore(old, { waitForReplicas: 1 });
  await expect(store.delete('A')).rejects.toMatchObject({ code: 'mfa_config' });
});
