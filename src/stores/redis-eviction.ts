import { MfaConfigError } from '../errors.ts';
import { mastersOf, type RedisCommands, type RedisNode } from './redis-commands.ts';

const sentence =
  'Set `maxmemory-policy` of this Redis to noeviction (or volatile-*), or use another server: with allkeys-* it removes accounts when memory runs short, which switches their second step off.';

/** For so long a server may keep the others from being used, in ms; after that it is asked again later. */
const patienceMs = 300;
const pauseMs = 1_000;
const noAnswer = new Error('There was no answer in time.');

/**
 * Asks each server once whether it may evict accounts; a server that does not tell is believed. Where one does
 * not answer nothing is known, and a later call asks again.
 *
 * @throws MfaConfigError, again and again: there is no access while accounts may vanish.
 */
export function createEvictionCheck(client: RedisCommands): () => Promise<void> | undefined {
  let settled = false;
  let askAgainAt = 0;
  let asking: Promise<void> | undefined;
  let warned = false;

  async function ask(): Promise<void> {
    try {
      const masters = await withinPatience(mastersOf(client));
      const answers = await Promise.all(masters.map((node) => withinPatience(isSafe(node))));
      if (answers.includes(false)) throw new MfaConfigError(sentence);
      settled = true;
    } catch (error) {
      if (!(error instanceof MfaConfigError)) {
        if (error === noAnswer) askAgainAt = performance.now() + pauseMs;
        return;
      }
      if (!warned) process.emitWarning(sentence, { type: 'ExpressMfaWarning' });
      warned = true;
      throw error;
    } finally {
      asking = undefined;
    }
  }

  return () => {
    if (settled || performance.now() < askAgainAt) return undefined;
    asking ??= ask();
    return asking;
  };
}

async function isSafe(node: RedisNode): Promise<boolean> {
  try {
    return !/^maxmemory_policy:allkeys-/m.test(String(await node.info?.('memory')));
  } catch (error) {
    // What the server itself has sent: INFO is forbidden, or has another name.
    if (error instanceof Error && /^(ERR|NOPERM) /.test(error.message)) return true;
    throw error;
  }
}

function withinPatience<T>(answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(noAnswer), patienceMs);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
