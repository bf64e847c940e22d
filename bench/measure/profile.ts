import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Scenario } from '../load/scenarios.ts';
import { sendAll } from '../load/send-all.ts';
import { startApp } from '../processes/start-app.ts';

const requestCount = 6000;
const directory = new URL('../../coverage/', import.meta.url);

/** A profile of an app under load, as a file for the tools of Chrome or VS Code. */
export interface MeasuredProfile {
  readonly file: string;
  readonly requests: number;
}

/** Profiles the app while it answers the requests of a scenario, and nothing else. */
export async function measureProfile(
  name: string,
  scenario: Scenario,
  redisUrl: string,
): Promise<MeasuredProfile> {
  const file = fileURLToPath(new URL(`${name}.cpuprofile`, directory));
  await mkdir(directory, { recursive: true });
  const app = await startApp(scenario.app, redisUrl);
  try {
    for (const warm of [false, true]) {
      const requests = await scenario.prepare(app, requestCount);
      if (warm) await app.startProfile();
      await sendAll({ port: app.port, requests, connections: 16, status: scenario.status });
      if (warm) await app.stopProfile(file);
    }
  } finally {
    await app.stop();
  }
  return { file, requests: requestCount };
}
