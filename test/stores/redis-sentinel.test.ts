import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { redisMfaStore } from 'express-mfa';
import { type RedisSentinels, startRedisSentinels, type TestSentinel } from '../servers/redis-sentinel.ts';
import { testStore } from './test-store.ts';

let servers: RedisSentinels;
let client: TestSentinel;
beforeAll(async () => {
  servers = await startRedisSentinels();
  client = servers.createClient();
  await client.connect();
});
afterAll(async () => {
  client.destroy();
  await servers.stop();
});

testStore(() => redisMfaStore(client));

test('the master is lost: a replica takes over with what it had acknowledged, and nothing is restarted', async () => {
  const store = redisMfaStore(client, { prefix: 'failover:', waitForReplicas: 1 });
  const users = Array.from({ length: 50 }, (_, number) => `user ${number}`);
  for (const user of users) {
    expect(await store.put(user, { version: '1', data: user, enrolled: true }, undefined)).toBe(true);
  }
  await servers.first.kill();
  await servers.untilMaster(servers.second);

  const after = redisMfaStore(client, { prefix: 'failover:' });
  await untilItAnswers(() => after.get('user 0'));
  for (const user of users) expect((await after.get(user))?.data).toBe(user);
  expect(await after.put('user 0', { version: '2', data: 'new', enrolled: true }, '1')).toBe(true);
  expect(await after.put('user 0', { version: '3', data: 'late', enrolled: true }, '1')).toBe(false);

  // There is no replica left to acknowledge anything.
  await expect(store.put('user 1', { version: '2', data: 'x', enrolled: true }, '1')).rejects.toThrow(
    '0 of 1 replicas',
  );
});

/** A request gives up by its deadline; so does every try here. */
async function untilItAnswers(call: () => Promise<unknown>): Promise<void> {
  const giveUpAt = Date.now() + 20_000;
  while (Date.now() < giveUpAt) {
    const answered = call().then(
      () => true,
      () => false,
    );
    if (await Promise.race([answered, delay(1_000, false, { ref: false })])) return;
    await delay(20);
  }
  throw new Error('There was no answer within twenty seconds.');
}
