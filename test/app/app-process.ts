import { once } from 'node:events';
import { createTestApp } from './create-test-app.ts';

/** What the parent sends: the place that the processes of one app share, and the time that all of them have. */
export interface AppProcessSettings {
  readonly redisUrl: string;
  readonly prefix: string;
  readonly key: string;
  readonly now: number;
}

process.once('disconnect', () => process.exit());
const [settings] = (await once(process, 'message')) as [AppProcessSettings];
const { redisUrl, prefix, key, now } = settings;
const clock = { now: () => now, move: () => undefined, nextStep: () => undefined };
const app = await createTestApp({ redisUrl, prefix, clock, mfa: { keys: [key] } });
process.send?.(app.url);
