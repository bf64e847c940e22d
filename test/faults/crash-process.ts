import { once } from 'node:events';
import type { AppProcessSettings } from '../app/app-process.ts';
import { makeBcryptCheap } from '../app/cheap-bcrypt.ts';
import { createTestApp } from '../app/create-test-app.ts';
import { interruptCalls } from './interrupt-calls.ts';

/** What the parent sends: as for any process of the app, and after which call to a store it dies. */
export interface CrashSettings extends AppProcessSettings {
  readonly dieAfter: number;
}

process.once('disconnect', () => process.exit());
const [settings] = (await once(process, 'message')) as [CrashSettings];
const { redisUrl, prefix, key, now, dieAfter } = settings;
const clock = { now: () => now, move: () => undefined, nextStep: () => undefined };
makeBcryptCheap();
const app = await createTestApp({ redisUrl, prefix, clock, mfa: { keys: [key] } });
interruptCalls(app).begin({
  at: dieAfter,
  when: 'after',
  happens() {
    process.kill(process.pid, 'SIGKILL');
    return new Promise(() => undefined);
  },
});
process.send?.(app.url);
