import type { ResealReport } from 'express-mfa';
import { type Helper, startHelper } from './ask.ts';
import type { Logins } from './service-process.ts';

/** The library's service in a process of its own, over the accounts at `url`. */
export interface ServiceProcess {
  importUsers(count: number, secret: string): Promise<string[]>;
  /** A second step for each, so many at once. */
  verifyAll(input: { users: readonly string[]; secret: string; inHand: number }): Promise<Logins>;
  startLogins(input: { users: readonly string[]; secret: string; pauseMs: number }): Promise<unknown>;
  stopLogins(): Promise<Logins>;
  /** Kills its own process (SIGKILL) once so many accounts were looked at; the question is then never answered. */
  resealAll(input?: { dieAt?: number }): Promise<ResealReport>;
  stop(): Promise<void>;
}

/** @param keys newest first. */
export function startService(url: string, keys: readonly string[]): ServiceProcess {
  const helper: Helper = startHelper(new URL('service-process.ts', import.meta.url), [url, ...keys]);
  return {
    importUsers: async (count, secret) => (await helper.ask('importUsers', { count, secret })) as string[],
    verifyAll: async (input) => (await helper.ask('verifyAll', input)) as Logins,
    startLogins: (input) => helper.ask('startLogins', input),
    stopLogins: async () => (await helper.ask('stopLogins')) as Logins,
    resealAll: async (input = {}) => (await helper.ask('resealAll', input)) as ResealReport,
    stop: () => helper.stop(),
  };
}
