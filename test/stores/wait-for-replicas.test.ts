import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type RedisCommands, redisMfaStore } from 'express-mfa';
import { createClientPool } from 'redis';
import { createTestApp } from '../app/create-test-app.ts';
import { createTestRedis, type TestRedis } from '../app/create-test-redis.ts';
import { ownTime } from '../app/own-time.ts';
import { type RedisServer, startRedisServer } from '../servers/redis-server.ts';
import { testStore } from './test-store.ts';

let master: RedisServer;
let replica: RedisServer;
let redis: TestRedis;
let pool: ReturnType<typeof createClientPool>;
beforeAll(async () => {
  master = await startRedisServer();
  replica = await startRedisServer({ args: ['--replicaof', `127.0.0.1 ${master.port}`] });
  redis = createTestRedis(master.url);
  await redis.connect();
  pool = createClientPool({ url: master.url }, { minimum: 2, maximum: 5 });
  await pool.connect();
  while (!/^slave0:.*state=online/m.test(await redis.info('replication')));
});
afterEach(() => replica.thaw());
afterAll(async () => {
  redis.destroy();
  await pool.close();
  await Promise.all([master.stop(), replica.stop()]);
});

const account = (version: string) => ({ version, data: '{}', enrolled: true });

describe('a single client', () => testStore(() => redisMfaStore(redis, { waitForReplicas: 1 })));
describe('a pool', () => testStore(() => redisMfaStore(pool, { waitForReplicas: 1, prefix: 'pool:' })));

test.each<[string, () => RedisCommands]>([
  ['a single client', () => redis],
  ['a pool', () => pool],
])('%s: a write that no replica acknowledges within a second is a fault', async (name, client) => {
  const store = redisMfaStore(client(), { waitForReplicas: 1, prefix: `${name}:` });
  await store.put('A', account('1'), undefined);
  replica.freeze();
  const started = ownTime();
  await expect(store.put('A', account('2'), '1')).rejects.toThrow('0 of 1 replicas acknowledged the write.');
  expect(ownTime() - started).toBeLessThan(1_700);
  await expect(store.delete('A')).rejects.toThrow('0 of 1 replicas');
  replica.thaw();
  // It took place all the same: that is what "unknown" means.
  expect(await store.get('A')).toBeUndefined();
});

test('a race that is lost is lost, whatever replicas say', async () => {
  const store = redisMfaStore(redis, { waitForReplicas: 1, prefix: 'lost:' });
  await store.put('A', account('1'), undefined);
  replica.freeze();
  expect(await store.put('A', account('3'), '2')).toBe(false);
});

test('in a pool, reads do not wait behind a write that waits', async () => {
  const store = redisMfaStore(pool, { waitForReplicas: 1, prefix: 'reads:' });
  await store.put('A', account('1'), undefined);
  await store.put('B', account('1'), undefined);
  replica.freeze();
  const writing = expect(store.put('B', account('2'), '1')).rejects.toThrow('0 of 1 replicas');
  const started = ownTime();
  expect(await store.get('A')).toEqual({ version: '1', data: '{}' });
  expect(ownTime() - started).toBeLessThan(900);
  await writing;
});

test('a login whose write is not acknowledged is answered 503, and grants nothing', async () => {
  const app = await createTestApp({
    redisUrl: master.url,
    mfa: { store: redisMfaStore(redis, { waitForReplicas: 1, prefix: 'login:' }) },
  });
  const { code } = await app.enrol('A');
  const browser = await app.pending('A');
  replica.freeze();
  const response = await browser.post('/mfa/totp/verify', { code: code() });
  expect([response.status, response.body.error_type]).toEqual([503, 'UNAVAILABLE']);
  expect((await browser.get('/private')).status).toBe(401);
  expect(app.events.at(-1)).toMatchObject({ name: 'store.unavailable', operation: 'put' });
  replica.thaw();
  await app.close();
});

test.each([-1, 1.5, Number.NaN, '1'])('waitForReplicas: %p is refused when the app starts', (count) => {
  // @ts-expect-error: what JavaScript may hand in.
  expect(() => redisMfaStore(redis, { waitForReplicas: count })).toThrow('`waitForReplicas`');
});
