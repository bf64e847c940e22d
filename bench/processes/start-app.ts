import { startHelper } from './ask.ts';

export type AppName = 'floor' | 'tutorial' | 'bcrypt-reference' | 'express-mfa' | 'without-pages';

/** One variant of the app, in a process of its own. */
export interface RunningApp {
  readonly name: AppName;
  readonly port: number;
  /** Microseconds of processor time that the process has used so far. */
  processorTime(): Promise<number>;
  startProfile(): Promise<void>;
  /** Writes a profile that Chrome's and VS Code's tools open. */
  stopProfile(file: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a variant on a free loopback port. */
export async function startApp(name: AppName, redisUrl: string): Promise<RunningApp> {
  const helper = startHelper(new URL('app-process.ts', import.meta.url), [name, redisUrl]);
  return {
    name,
    port: Number(await helper.ask('port')),
    processorTime: async () => Number(await helper.ask('processorTime')),
    startProfile: async () => void (await helper.ask('startProfile')),
    stopProfile: async (file) => void (await helper.ask('stopProfile', file)),
    stop: () => helper.stop(),
  };
}
