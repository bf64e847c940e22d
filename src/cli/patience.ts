import { createDeadline } from '../deadline.ts';
import { isMfaError } from '../errors.ts';

/** How long the tool waits for what it cannot look into, in ms. Long enough for a database that is far away. */
export const patienceMs = 10_000;

/**
 * Runs a call into the host's code, and keeps the process alive until it has settled: a promise alone does not.
 *
 * @param name what it is, for the sentence that says that it is late.
 * @throws Error where it has not settled in time; what it does later is not looked at any more.
 */
export async function withPatience<T>(name: string, call: () => T | Promise<T>, ms = patienceMs): Promise<T> {
  try {
    return await createDeadline(ms).run(async () => call());
  } catch (error) {
    if (!isMfaError(error) || error.code !== 'deadline_exceeded') throw error;
    throw new Error(`${name} did not settle within ${ms / 1_000} s.`);
  }
}
