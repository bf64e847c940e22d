import { afterEach, expect, test } from '@jest/globals';
import { redisAnswers } from './redis-ping.ts';
import { type RedisServer, startRedisServer } from './redis-server.ts';

let server: RedisServer | undefined;
afterEach(() => server?.stop());

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('a run has a shared Redis', () => {
  expect(process.env.REDIS_URL).toMatch(/^rediss?:/);
});

test('a killed server is gone, and comes back on its port', async () => {
  server = await startRedisServer();
  const { pid, port } = server;

  await server.kill();
  expect(await redisAnswers(port)).toBe(false);
  expect(isAlive(pid)).toBe(false);

  await server.restart();
  expect(await redisAnswers(port)).toBe(true);
  expect(server.pid).not.toBe(pid);
});

test('a frozen server answers nothing until it is thawed', async () => {
  server = await startRedisServer();

  server.freeze();
  expect(await redisAnswers(server.port, 50)).toBe(false);

  server.thaw();
  expect(await redisAnswers(server.port)).toBe(true);
});

test('a frozen server can be stopped', async () => {
  server = await startRedisServer();
  server.freeze();
  await server.stop();
  expect(isAlive(server.pid)).toBe(false);
});

test('a port that is taken is refused', async () => {
  server = await startRedisServer();
  await expect(startRedisServer({ port: server.port })).rejects.toThrow('already answers');
});

test('a server that does not start says why', async () => {
  await expect(startRedisServer({ args: ['--nonsense'] })).rejects.toThrow(
    /ended before it answered.*nonsense/s,
  );
});
