import { MfaConfigError } from '../errors.ts';
import { mastersOf, type RedisCommands } from './redis-commands.ts';

const sentence =
  'Set `maxmemory-policy` of this Redis to noeviction (or volatile-*), or use another server: with allkeys-* it removes accounts when memory runs short, which switches their second step off.';

/**
 * Asks each server once whether it may evict accounts; a server that does not tell is believed. Where the
 * connection fails nothing is known, and the next call asks again.
 *
 * @throws MfaConfigError, again and again: there is no access while accounts may vanish.
 */
export function createEvictionCheck(client: RedisCommands): () => Promise<void> | undefined {
  let settled = false;
  let asking: Promise<void> | undefined;

  async function ask(): Promise<void> {
    try {
      for (const node of await mastersOf(client)) {
        const memory = String(await node.info?.('memory'));
        if (/^maxmemory_policy:allkeys-/m.test(memory)) throw new MfaConfigError(sentence);
      }
      settled = true;
    } catch (error) {
      if (error instanceof MfaConfigError) {
        process.emitWarning(sentence, { type: 'ExpressMfaWarning' });
        throw error;
      }
      settled = isAnswer(error);
    } finally {
      asking = undefined;
    }
  }

  return () => {
    if (settled) return undefined;
    asking ??= ask();
    return asking;
  };
}

/** An error that the server itself has sent: INFO is forbidden, or has another name. */
function isAnswer(error: unknown): boolean {
  return error instanceof Error && /^(ERR|NOPERM) /.test(error.message);
}
