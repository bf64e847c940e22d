import { afterEach, beforeAll, expect, test } from '@jest/globals';
import { type MfaStore, redisMfaStore } from 'express-mfa';
import { makeBcryptCheap } from '../app/cheap-bcrypt.ts';
import { createTestApp } from '../app/create-test-app.ts';
import { createTestRedis, type TestRedis } from '../app/create-test-redis.ts';
import { type RedisSentinels, startRedisSentinels } from '../servers/redis-sentinel.ts';
import { interruptCalls } from './interrupt-calls.ts';
import type { Stage } from './stage.ts';
import { faultRounds, type StageFault, strikeRounds } from './strike-rounds.ts';

interface FailoverStage extends Pick<Stage, 'app' | 'records' | 'calls'> {
  readonly servers: RedisSentinels;
  /** Whether the first master was lost. */
  failedOver: boolean;
  close(): Promise<void>;
}

const opened: FailoverStage[] = [];
beforeAll(makeBcryptCheap);
afterEach(async () => {
  await opened.pop()?.close();
});

/** Each time with servers of its own: a master that was lost does not come back as one. */
async function openFailoverStage(waitForReplicas: number): Promise<FailoverStage> {
  const servers = await startRedisSentinels({ args: ['--appendonly', 'yes'] });
  const client = servers.createClient();
  await client.connect();
  // What the client that follows the master was asked while there was none it may never answer.
  const direct = [servers.first, servers.second].map(({ url }) => createTestRedis(url));
  await Promise.all(direct.map((redis) => redis.connect()));
  const app = await createTestApp({ mfa: { store: redisMfaStore(client, { waitForReplicas }) } });
  const stage: FailoverStage = {
    failedOver: false,
    app,
    servers,
    records: recordsOf(() => direct[stage.failedOver ? 1 : 0]),
    calls: interruptCalls(app),
    async close() {
      await app.close();
      for (const redis of [client, ...direct]) redis.destroy();
      await servers.stop();
    },
  };
  return stage;
}

/** Accounts as the present master has them. */
function recordsOf(master: () => TestRedis | undefined): MfaStore {
  const store = () => redisMfaStore(master() ?? createTestRedis());
  return {
    get: (userId) => store().get(userId),
    put: (...input) => store().put(...input),
    delete: (userId) => store().delete(userId),
  };
}

/** The replica is out of reach for a moment, and what is written then is on the master alone when it dies. */
async function separateAndKill(stage: FailoverStage): Promise<void> {
  const { servers } = stage;
  stage.failedOver = true;
  servers.second.freeze();
  const redis = createTestRedis(servers.first.url);
  await redis.connect();
  // What is on its way to the replica would be read when it goes on.
  await redis.sendCommand(['CLIENT', 'KILL', 'TYPE', 'replica']);
  const giveUpAt = performance.now() + 100;
  while (performance.now() < giveUpAt) await redis.ping();
  redis.destroy();
  await servers.first.kill();
  servers.second.thaw();
}

function kill(stage: FailoverStage): Promise<void> {
  stage.failedOver = true;
  return stage.servers.first.kill();
}

/** Where writes wait for a replica there has to be one again: the master that was lost comes back as that. */
async function bringBack({ servers }: FailoverStage): Promise<void> {
  await servers.untilMaster(servers.second);
  await servers.first.restart();
}

type Failover = StageFault<FailoverStage> & { readonly waitForReplicas: number };

const faults = [0, 1].flatMap((waitForReplicas): Failover[] => {
  const how = `with waitForReplicas ${waitForReplicas}`;
  const common =
    waitForReplicas === 0 ? { waitForReplicas, mayLose: true } : { waitForReplicas, repair: bringBack };
  return [
    { ...common, name: `its master killed and replaced, ${how}`, strike: kill },
    {
      ...common,
      name: `its replica out of reach, then its master killed and replaced, ${how}`,
      strike: separateAndKill,
    },
  ];
});

test.each(faults)(
  '$name: half a state never, and what is lost is counted',
  async (fault) => {
    const rounds = faultRounds(1);
    const figures = await strikeRounds('Redis behind Sentinel', fault, {
      rounds,
      async stageOf() {
        await opened.pop()?.close();
        const stage = await openFailoverStage(fault.waitForReplicas);
        opened.push(stage);
        return stage;
      },
    });
    expect(figures.rounds).toBe(rounds);
  },
  60_000 + faultRounds(1) * 30_000,
);
