import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { RedisStore } from 'connect-redis';
import { redisMfaStore } from 'express-mfa';
import type { Browser } from '../app/browser.ts';
import { createTestApp } from '../app/create-test-app.ts';
import { startRedisCluster } from '../servers/redis-cluster.ts';
import { startRedisSentinels } from '../servers/redis-sentinel.ts';

test('sessions and accounts on a cluster of three masters', async () => {
  const cluster = await startRedisCluster();
  const app = await createTestApp({
    session: { store: new RedisStore({ client: cluster.client, prefix: 'sess:' }) },
    mfa: { store: redisMfaStore(cluster.client) },
  });
  const browsers: Browser[] = [];
  for (const user of ['A', 'B', 'C', 'D']) {
    const authenticator = await app.enrol(user);
    const browser = await app.full(user, authenticator);
    expect((await browser.get('/private')).body).toEqual({ reached: true, userId: user });
    const spare = await app.pending(user);
    const code = authenticator.backupCodes[0];
    expect((await spare.post('/mfa/totp/verify', { code })).status).toBe(200);
    browsers.push(browser);
  }
  // One user's reset ends that one's sessions, and nobody else's.
  await app.mfa.service.reset('A');
  const answers = await Promise.all(browsers.map(async (browser) => (await browser.get('/private')).status));
  expect(answers).toEqual([403, 200, 200, 200]);
  const sizes = await Promise.all(cluster.masters.map(({ redis }) => redis.dbSize()));
  expect(sizes.filter((size) => size > 0).length).toBeGreaterThan(1);
  await app.close();
  await cluster.stop();
});

test('sessions and accounts behind Sentinel: the master is lost, and everybody goes on', async () => {
  const servers = await startRedisSentinels();
  const client = servers.createClient();
  await client.connect();
  const app = await createTestApp({
    session: { store: new RedisStore({ client, prefix: 'sess:' }) },
    mfa: { store: redisMfaStore(client, { waitForReplicas: 1 }) },
  });
  const authenticator = await app.enrol('A');
  const code = authenticator.code();
  const browser = await app.pending('A');
  expect((await browser.post('/mfa/totp/verify', { code })).status).toBe(200);
  const pending = await app.pending('A');
  // The session is not waited for by `connect-redis`: it has to be on the replica before the master is lost.
  await client.use((connection) => connection.wait(1, 1_000));

  await servers.first.kill();
  const during = await browser.get('/private');
  expect([200, 500, 503]).toContain(during.status);
  await servers.untilMaster(servers.second);
  await untilServed(browser);

  // What was logged in still is; what was pending can be completed; a code that was used stays used.
  expect((await browser.get('/lenient')).status).toBe(200);
  expect((await pending.post('/mfa/totp/verify', { code })).status).toBe(401);
  await servers.first.restart();
  await app.mfa.service.status('A');
  await app.close();
  client.destroy();
  await servers.stop();
});

async function untilServed(browser: Browser): Promise<void> {
  const giveUpAt = Date.now() + 20_000;
  while (Date.now() < giveUpAt) {
    const answer = browser.get('/private').then(({ status }) => status === 200);
    if (await Promise.race([answer, delay(2_500, false, { ref: false })])) return;
  }
  throw new Error('The app did not serve again within twenty seconds.');
}
