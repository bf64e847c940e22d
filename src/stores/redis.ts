import { createHash } from 'node:crypto';
import type { MfaStore, StoredAccount } from './store.ts';

interface ScriptCall {
  keys: string[];
  arguments: string[];
}

/**
 * The few commands that {@link redisMfaStore} needs. Structural, so that every client fits: a single
 * client, a pool, a cluster, a sentinel, of redis 5 and 6, with RESP2 or RESP3.
 */
export interface RedisCommands {
  get(key: string): Promise<unknown>;
  del(key: string): Promise<unknown>;
  eval(script: string, call: ScriptCall): Promise<unknown>;
  evalSha(sha1: string, call: ScriptCall): Promise<unknown>;
}

/** How {@link redisMfaStore} names its keys. */
export interface RedisMfaStoreOptions {
  /** What every key begins with. Default: `mfa:`. */
  readonly prefix?: string | undefined;
}

/**
 * One key a user, written only if its version is still the expected one. The value is the version, a line
 * break and the data. KEYS: the account. ARGV: the expected beginning (empty: there must be no account yet)
 * and the new value.
 */
const putScript = `
if ARGV[1] == '' then
  return redis.call('SET', KEYS[1], ARGV[2], 'NX') and 1 or 0
end
if redis.call('GETRANGE', KEYS[1], 0, #ARGV[1] - 1) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
return 1`;
const putSha1 = createHash('sha1').update(putScript).digest('hex');

/**
 * Accounts in Redis 6.2 or later, without expiry. Use a server that persists (AOF) and does not evict, and
 * do not let a cluster client read from replicas.
 */
export function redisMfaStore(
  client: RedisCommands,
  { prefix = 'mfa:' }: RedisMfaStoreOptions = {},
): MfaStore {
  return {
    async get(userId) {
      const value = await client.get(prefix + userId);
      return value === null ? undefined : decode(value);
    },
    async put(userId, next, expected) {
      const beginning = expected === undefined ? '' : `${expected}\n`;
      const call = { keys: [prefix + userId], arguments: [beginning, `${next.version}\n${next.data}`] };
      const written = await runScript(client, call);
      if (written !== '1' && written !== '0')
        throw new Error('Redis answered neither 1 nor 0 to a conditional write.');
      return written === '1';
    },
    async delete(userId) {
      await client.del(prefix + userId);
    },
  };
}

/** A server that does not know the script has run nothing, so sending it whole is no repetition. */
async function runScript(client: RedisCommands, call: ScriptCall): Promise<string> {
  try {
    return String(await client.evalSha(putSha1, call));
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return String(await client.eval(putScript, call));
  }
}

/** Clients may be set to give Buffers. */
function decode(value: unknown): StoredAccount {
  const text = String(value);
  const end = text.indexOf('\n');
  if (end < 1) throw new Error('The value of an account key was not written by this store.');
  return { version: text.slice(0, end), data: text.slice(end + 1) };
}
