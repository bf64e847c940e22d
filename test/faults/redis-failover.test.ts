import { redisMfaStore } from 'express-mfa';
import { createTestApp } from '../app/create-test-app.ts';
import { createTestRedis } from '../app/create-test-redis.ts';
import { startRedisSentinels } from '../servers/redis-sentinel.ts';
import { type FailoverStage, failoversOf } from './failover.ts';
import { interruptCalls } from './interrupt-calls.ts';

failoversOf('Redis behind Sentinel', [
  { name: 'with waitForReplicas 0', waits: false, open: () => openSentinels(0) },
  { name: 'with waitForReplicas 1', waits: true, open: () => openSentinels(1) },
]);

async function openSentinels(waitForReplicas: number): Promise<FailoverStage> {
  const servers = await startRedisSentinels({ args: ['--appendonly', 'yes'] });
  const client = servers.createClient();
  await client.connect();
  // What the client that follows the master was asked while there was none it may never answer.
  const direct = { first: createTestRedis(servers.first.url), second: createTestRedis(servers.second.url) };
  await Promise.all([direct.first.connect(), direct.second.connect()]);
  let present = direct.first;
  const app = await createTestApp({ mfa: { store: redisMfaStore(client, { waitForReplicas }) } });
  let replaced: Promise<void> | undefined;

  /** Where a write waits for a replica there has to be one again: the lost master comes back as that. */
  async function replace(): Promise<void> {
    await servers.untilMaster(servers.second);
    if (waitForReplicas > 0) await servers.first.restart();
  }
  return {
    app,
    records: { get: (userId) => redisMfaStore(present).get(userId) },
    calls: interruptCalls(app),
    separate: () => servers.separate(),
    async failOver() {
      await servers.first.kill();
      present = direct.second;
      servers.second.thaw();
      replaced = replace();
    },
    async close() {
      await replaced;
      await app.close();
      for (const redis of [client, direct.first, direct.second]) redis.destroy();
      await servers.stop();
    },
  };
}
