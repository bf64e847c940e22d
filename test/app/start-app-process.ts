import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { AppProcessSettings } from './app-process.ts';

/** The test app in a Node process of its own. */
export interface AppProcess {
  readonly pid: number;
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts one more process of the app that is kept in that place. It also ends when we do. */
export async function startAppProcess(settings: AppProcessSettings): Promise<AppProcess> {
  const child = fork(join(__dirname, 'app-process.ts'), { execArgv: ['--import', 'tsx'] });
  const ended = once(child, 'exit');
  child.send(settings);
  const [url] = await Promise.race([
    once(child, 'message'),
    ended.then(([code]) => Promise.reject(new Error(`The app's process ended with code ${code}.`))),
  ]);
  return {
    pid: child.pid ?? -1,
    url: String(url),
    async stop() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
