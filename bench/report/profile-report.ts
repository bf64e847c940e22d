import type { ScenarioName } from '../load/scenarios.ts';
import { measureProfile } from '../measure/profile.ts';
import { summariseProfile } from './profile-summary.ts';
import type { Bench } from './report.ts';

/** Says where the processor time of a request goes. */
export async function profileReport({ scenarios, server }: Bench, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const scenario = scenarios[name as ScenarioName];
    if (!scenario) throw new Error(`Name some of ${Object.keys(scenarios).join(', ')}.`);
    const profile = await measureProfile(name, scenario, server.url);
    console.log(`${name}: ${profile.file}\n\n${await summariseProfile(profile)}\n`);
  }
}
