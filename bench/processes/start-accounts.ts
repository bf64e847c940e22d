import { startHelper } from './ask.ts';

/** Makes accounts with the library, in a process that is not measured. */
export interface Accounts {
  /** The ids of new users whose authenticator has this secret (base32). */
  importUsers(count: number, secret: string): Promise<string[]>;
  /** A new user, enrolled the long way, with ten backup codes of their own. */
  enrol(): Promise<{ userId: string; backupCodes: readonly string[] }>;
  stop(): Promise<void>;
}

/** Starts the process. */
export function startAccounts(redisUrl: string): Accounts {
  const helper = startHelper(new URL('accounts-process.ts', import.meta.url), [redisUrl]);
  return {
    importUsers: async (count, secret) => (await helper.ask('importUsers', { count, secret })) as string[],
    enrol: async () => (await helper.ask('enrol')) as { userId: string; backupCodes: readonly string[] },
    stop: () => helper.stop(),
  };
}
