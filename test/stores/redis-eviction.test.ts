import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { type RedisCommands, redisMfaStore } from 'express-mfa';
import { createTestApp } from '../app/create-test-app.ts';
import { createTestRedis, type TestRedis } from '../app/create-test-redis.ts';
import { ownTime } from '../app/own-time.ts';
import { type RedisServer, startRedisServer } from '../servers/redis-server.ts';

let server: RedisServer;
let redis: TestRedis;
const warnings = jest.spyOn(process, 'emitWarning');
beforeAll(async () => {
  server = await startRedisServer();
  redis = createTestRedis(server.url);
  await redis.connect();
});
beforeEach(() => void warnings.mockClear().mockImplementation(() => undefined));
afterEach(() => redis.configSet('maxmemory-policy', 'noeviction'));
afterAll(async () => {
  warnings.mockRestore();
  redis.destroy();
  await server.stop();
});
const account = { version: 'v', data: '{}', enrolled: true };

test.each(['allkeys-lru', 'allkeys-lfu', 'allkeys-random'])(
  'a server that evicts by %s is refused at every call, with a sentence that says what to do',
  async (policy) => {
    await redis.configSet('maxmemory-policy', policy);
    const store = redisMfaStore(redis);
    for (let call = 0; call < 2; call++) {
      await expect(store.get('A')).rejects.toMatchObject({
        code: 'mfa_config',
        message: expect.stringMatching(/`maxmemory-policy`.*noeviction/),
      });
      await expect(store.put('A', account, undefined)).rejects.toMatchObject({ code: 'mfa_config' });
      await expect(store.delete('A')).rejects.toMatchObject({ code: 'mfa_config' });
    }
    expect(warnings).toHaveBeenCalledTimes(1);
    expect(await redis.exists('mfa:A')).toBe(0);
    expect(String(warnings.mock.calls[0]?.[0])).toContain('noeviction');
    // Once it is set right, nothing has to be restarted.
    await redis.configSet('maxmemory-policy', 'noeviction');
    expect(await store.get('A')).toBeUndefined();
  },
);

test.each(['noeviction', 'volatile-lru', 'volatile-ttl'])(
  'a server with %s is taken, and asked once',
  async (policy) => {
    await redis.configSet('maxmemory-policy', policy);
    const info = jest.spyOn(redis, 'info');
    const store = redisMfaStore(redis);
    await Promise.all([store.get('A'), store.get('B'), store.get('C')]);
    await store.get('A');
    expect(info).toHaveBeenCalledTimes(1);
    info.mockRestore();
  },
);

test('a login on a server that evicts is answered 503, and is no login', async () => {
  await redis.configSet('maxmemory-policy', 'allkeys-lru');
  const app = await createTestApp({ redisUrl: server.url });
  const login = await app.browser().post('/login', { user: 'A', password: 'password of A' });
  expect([login.status, login.body.code]).toEqual([503, 'store_unavailable']);
  await app.close();
});

/** A client whose server answers INFO in its own way. */
function clientWhere(info: () => Promise<unknown>) {
  const commands = {
    get: async () => null,
    del: async () => 0,
    eval: async () => 1,
    evalSha: async () => 1,
    info,
  };
  return redisMfaStore(commands satisfies RedisCommands);
}

test.each(['NOPERM this user has no permissions', "ERR unknown command 'INFO'"])(
  'a server that does not tell is believed: %s',
  async (message) => {
    const info = jest.fn(() => Promise.reject(new Error(message)));
    const store = clientWhere(info);
    expect(await store.get('A')).toBeUndefined();
    expect(await store.get('A')).toBeUndefined();
    expect(info).toHaveBeenCalledTimes(1);
  },
);

test('where the connection fails nothing is known, and the next call asks again', async () => {
  const info = jest
    .fn<() => Promise<string>>()
    .mockRejectedValueOnce(new Error('Socket closed unexpectedly'))
    .mockResolvedValue('# Memory\r\nmaxmemory_policy:allkeys-lru\r\n');
  const store = clientWhere(info);
  expect(await store.get('A')).toBeUndefined();
  await expect(store.get('A')).rejects.toMatchObject({ code: 'mfa_config' });
});

test('one that does not answer holds a call up for a moment, and is asked again later', async () => {
  const info = jest.fn(() => new Promise(() => undefined));
  const store = clientWhere(info);
  const started = ownTime();
  expect(await store.get('A')).toBeUndefined();
  expect(await store.get('A')).toBeUndefined();
  expect(ownTime() - started).toBeLessThan(900);
  expect(info).toHaveBeenCalledTimes(1);
});
