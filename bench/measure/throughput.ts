import type { Case } from '../cases.ts';
import type { Scenario, ScenarioName } from '../load/scenarios.ts';
import { sendAll } from '../load/send-all.ts';
import { type AppName, type RunningApp, startApp } from '../processes/start-app.ts';
import { connectionCounts, requestsOver, settings } from '../settings.ts';

/** One scenario in one round. */
export interface Sample {
  readonly perSecond: number;
  /** Microseconds of processor time that the app's process spent on a request. */
  readonly processorTime: number;
}

/** The samples of each scenario, one for each round, by the number of connections. */
export type Samples = ReadonlyMap<ScenarioName, ReadonlyMap<number, readonly Sample[]>>;

/** Measures every scenario once a round, one after the other, so that a slow minute hits all of them. */
export async function measureThroughput(
  scenarios: Record<ScenarioName, Scenario>,
  { cases, redisUrl }: { cases: readonly Case[]; redisUrl: string },
): Promise<Samples> {
  const slow = new Set(cases.flatMap((one) => (one.slow ? [one.reference, one.measured] : [])));
  const names = [
    ...new Set(cases.flatMap((one) => [one.reference, one.measured, one.tutorial ?? one.measured])),
  ];
  const samples = new Map(names.map((name) => [name, new Map(connectionCounts.map(emptyEntry))]));
  // Each variant has a process of its own, which does nothing while another is measured.
  const apps = new Map<AppName, RunningApp>();
  try {
    for (const name of names) {
      const { app } = scenarios[name];
      if (!apps.has(app)) apps.set(app, await startApp(app, redisUrl));
    }
    for (let round = 0; round <= settings.rounds; round++) {
      process.stderr.write(round === 0 ? 'Warming up; round' : ` ${round}`);
      // Whoever comes after another gains or loses by it: they take turns at that.
      const inTurn = round % 2 === 0 ? names : names.toReversed();
      for (const connections of connectionCounts) {
        for (const name of inTurn) {
          const scenario = scenarios[name];
          const app = apps.get(scenario.app);
          if (!app) throw new Error('An app was not started.');
          const count = requestsOver(connections, slow.has(name) ? settings.slowRequests : settings.requests);
          const sample = await measure(scenario, { app, connections, count });
          // The first round compiles the code.
          if (round > 0) samples.get(name)?.get(connections)?.push(sample);
        }
      }
    }
    process.stderr.write('\n');
  } finally {
    for (const app of apps.values()) await app.stop();
  }
  return samples;
}

function emptyEntry(connections: number): [number, Sample[]] {
  return [connections, []];
}

async function measure(
  scenario: Scenario,
  { app, connections, count }: { app: RunningApp; connections: number; count: number },
): Promise<Sample> {
  const requests = await scenario.prepare(app, count);
  const before = await app.processorTime();
  const { seconds } = await sendAll({ port: app.port, requests, connections, status: scenario.status });
  return { perSecond: count / seconds, processorTime: ((await app.processorTime()) - before) / count };
}
