import type { Deadline } from './deadline.ts';
import { MfaError } from './errors.ts';

/**
 * Asks a hook of the host's, for as long as the request has time. One that answers at once is not waited for: a timer for
 * each guarded request costs more than most such hooks.
 *
 * @param hook its name, which is told where it is late.
 * @throws MfaError `hook_failed` where it throws, with that as the cause; `deadline_exceeded` where it is late.
 */
export async function askHost<T>(deadline: Deadline, hook: string, ask: () => T | Promise<T>): Promise<T> {
  const asked = { what: `\`${hook}\`` };
  if (deadline.exceeded) return deadline.run(ask, asked);
  const given = started(ask);
  return isPromise(given) ? deadline.run(() => settled(() => given), asked) : given;
}

/** What a hook throws may look like a fault of ours, and must not be taken for one. */
function started<T>(ask: () => T | Promise<T>): T | Promise<T> {
  try {
    return ask();
  } catch (cause) {
    throw new MfaError('hook_failed', { cause });
  }
}

async function settled<T>(ask: () => T | Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    throw new MfaError('hook_failed', { cause });
  }
}

/** Also a promise of another library's. */
function isPromise<T>(given: T | Promise<T>): given is Promise<T> {
  return typeof given === 'object' && given !== null && 'then' in given && typeof given.then === 'function';
}
