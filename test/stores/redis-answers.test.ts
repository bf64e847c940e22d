import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { type MfaStore, type RedisCommands, redisMfaStore } from 'express-mfa';
import { createTestRedis, type TestRedis } from '../app/create-test-redis.ts';
import { type RedisServer, startRedisServer } from '../servers/redis-server.ts';

// A server of its own: SCRIPT FLUSH concerns everybody on it.
let server: RedisServer;
let redis: TestRedis;
let store: MfaStore;
beforeAll(async () => {
  server = await startRedisServer();
  redis = createTestRedis(server.url);
  await redis.connect();
  store = redisMfaStore(redis);
});
beforeEach(async () => {
  await redis.flushAll();
});
afterAll(async () => {
  redis.destroy();
  await server.stop();
});

const first = { version: 'first', data: '{"v":1}' };
const second = { version: 'second', data: '{"v":1,"more":true}' };

test('a server that forgot the script is sent it again, and writes once', async () => {
  await store.put('A', { ...first, enrolled: true }, undefined);
  await redis.scriptFlush();
  const whole = jest.spyOn(redis, 'eval');
  expect(await store.put('A', { ...second, enrolled: true }, first.version)).toBe(true);
  expect(whole).toHaveBeenCalledTimes(1);
  expect(await store.get('A')).toEqual(second);

  await redis.scriptFlush();
  expect(await store.put('A', { ...first, enrolled: true }, first.version)).toBe(false);
  expect(await store.get('A')).toEqual(second);

  whole.mockClear();
  expect(await store.put('A', { ...first, enrolled: true }, second.version)).toBe(true);
  expect(whole).not.toHaveBeenCalled();
});

test('of 50 who write right after SCRIPT FLUSH exactly one succeeds', async () => {
  await store.put('A', { ...first, enrolled: true }, undefined);
  await redis.scriptFlush();
  const tries = Array.from({ length: 50 }, (_, caller) => ({ version: `caller${caller}`, data: '{}' }));
  const won = await Promise.all(
    tries.map((next) => store.put('A', { ...next, enrolled: true }, first.version)),
  );
  expect(won.filter((answer) => answer)).toEqual([true]);
  expect(await store.get('A')).toEqual(tries[won.indexOf(true)]);
});

/** A client whose conditional write gives, or fails with, something else. */
function clientWhere(evalSha: () => Promise<unknown>) {
  const whole = jest.fn<RedisCommands['eval']>();
  const commands: RedisCommands = { get: async () => null, del: async () => 0, eval: whole, evalSha };
  return { store: redisMfaStore(commands), whole };
}

test.each(['LOADING Redis is loading', 'READONLY You cannot write', 'ERR NOSCRIPT', 'Socket closed'])(
  'another error than NOSCRIPT is passed on, and nothing is sent again: %s',
  async (message) => {
    const { store: failing, whole } = clientWhere(() => Promise.reject(new Error(message)));
    await expect(failing.put('A', { ...first, enrolled: true }, undefined)).rejects.toThrow(message);
    expect(whole).not.toHaveBeenCalled();
  },
);

test.each([null, undefined, 'QUEUED', '', 2, -1, [1], true, {}])(
  'an answer to the conditional write that is neither 1 nor 0 is a fault: %j',
  async (answer) => {
    const { store: odd } = clientWhere(async () => (Array.isArray(answer) ? [answer, answer] : answer));
    await expect(odd.put('A', { ...first, enrolled: true }, undefined)).rejects.toThrow('neither 1 nor 0');
  },
);

test.each([1, '1', 1n, Buffer.from('1')])('a client may map numbers to another type: %p', async (answer) => {
  expect(await clientWhere(async () => answer).store.put('A', { ...first, enrolled: true }, undefined)).toBe(
    true,
  );
});

test.each(['', 'no line break', '\n{"v":1}', '{"v":1}'])(
  'a value that this store did not write is a fault, never "no account": %j',
  async (value) => {
    await redis.set('mfa:A', value);
    await expect(store.get('A')).rejects.toThrow('was not written by this store');
    expect(await store.put('A', { ...first, enrolled: true }, undefined)).toBe(false);
    expect(await store.put('A', { ...first, enrolled: true }, 'first')).toBe(false);
    expect(await redis.get('mfa:A')).toBe(value);
  },
);

test('a key of another type is a fault, and is left alone', async () => {
  await redis.rPush('mfa:A', 'x');
  await expect(store.get('A')).rejects.toThrow('WRONGTYPE');
  await expect(store.put('A', { ...first, enrolled: true }, 'first')).rejects.toThrow('WRONGTYPE');
  expect(await store.put('A', { ...first, enrolled: true }, undefined)).toBe(false);
  expect(await redis.type('mfa:A')).toBe('list');
});

test('accounts have no expiry, also after they were replaced, and lie under the prefix', async () => {
  await store.put('A', { ...first, enrolled: true }, undefined);
  expect(await redis.ttl('mfa:A')).toBe(-1);
  await store.put('A', { ...second, enrolled: true }, first.version);
  expect(await redis.ttl('mfa:A')).toBe(-1);
  await redisMfaStore(redis, { prefix: 'other:' }).put('A', { ...first, enrolled: true }, undefined);
  expect((await redis.keys('*')).sort()).toEqual(['mfa:A', 'other:A']);
});
