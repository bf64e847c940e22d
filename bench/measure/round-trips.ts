import { setTimeout as delay } from 'node:timers/promises';
import type { Scenario, ScenarioName } from '../load/scenarios.ts';
import { sendAll } from '../load/send-all.ts';
import { type AppName, type RunningApp, startApp } from '../processes/start-app.ts';
import { startRedisProxy } from './redis-proxy.ts';

/** The way most requests of a scenario went: the commands of each round trip. */
export type RedisTraffic = Record<ScenarioName, string[][]>;

const requestsEach = 12;

/** Watches requests one by one, between an app and Redis. */
export async function measureRedisTraffic(
  scenarios: Record<ScenarioName, Scenario>,
  redisPort: number,
): Promise<RedisTraffic> {
  const proxy = await startRedisProxy(redisPort);
  const apps = new Map<AppName, RunningApp>();
  const traffic: Partial<RedisTraffic> = {};
  try {
    for (const [name, scenario] of Object.entries(scenarios) as [ScenarioName, Scenario][]) {
      const app = apps.get(scenario.app) ?? (await startApp(scenario.app, proxy.url));
      apps.set(scenario.app, app);
      const seen: string[] = [];
      for (const request of await scenario.prepare(app, requestsEach)) {
        proxy.take();
        await sendAll({ port: app.port, requests: [request], connections: 1, status: scenario.status });
        // What is sent after the answer belongs to the request, too.
        await delay(30);
        seen.push(JSON.stringify(proxy.take()));
      }
      traffic[name] = JSON.parse(mostFrequent(seen));
    }
  } finally {
    for (const app of apps.values()) await app.stop();
    proxy.close();
  }
  return traffic as RedisTraffic;
}

function mostFrequent(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best))[0];
}
