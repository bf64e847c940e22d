import type { Deadline } from './deadline.ts';
import { MfaError } from './errors.ts';

/**
 * Asks a hook of the host's, for as long as the request has time.
 *
 * @param hook its name, which is told where it is late.
 * @throws MfaError `hook_failed` where it throws, with that as the cause; `deadline_exceeded` where it is late.
 */
export function askHost<T>(deadline: Deadline, hook: string, ask: () => T | Promise<T>): Promise<T> {
  return deadline.run(() => settled(ask), { what: `\`${hook}\`` });
}

/** What a hook throws may look like a fault of ours, and must not be taken for one. */
async function settled<T>(ask: () => T | Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    throw new MfaError('hook_failed', { cause });
  }
}
