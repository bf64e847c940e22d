import { createHash } from 'node:crypto';
import { MfaConfigError } from '../errors.ts';
import { withoutPrototype } from '../without-prototype.ts';
import {
  canWait,
  checkCommands,
  onOneConnection,
  type RedisCommands,
  type ScriptCall,
} from './redis-commands.ts';
import { createEvictionCheck } from './redis-eviction.ts';
import { keysBeginningWith } from './redis-scan.ts';
import type { MfaStore, StoredAccount } from './store.ts';

/** How {@link redisMfaStore} names its keys, and when a write counts. */
export interface RedisMfaStoreOptions {
  /** What every key begins with. Default: `mfa:`. */
  readonly prefix?: string | undefined;
  /**
   * How many replicas must have a write before it counts (`WAIT`, for at most a second). Where fewer
   * acknowledge it the request is answered 503. It narrows what a failover can lose, and does not close it: see
   * docs/stores.md. Its connection does nothing else meanwhile, so hand over a pool. Default: 0.
   */
  readonly waitForReplicas?: number | undefined;
}

/** Leaves time for an answer within the two seconds of a request. */
const waitMs = 1_000;

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
 * Accounts in Redis 6.2 or later, without expiry. Use a server that persists (AOF), and do not let a cluster
 * client read from replicas. A server that may evict accounts (`maxmemory-policy` allkeys-*) is refused: every
 * call rejects.
 *
 * @throws MfaConfigError where the client lacks a command, or `waitForReplicas` is no count of replicas.
 */
export function redisMfaStore(client: RedisCommands, options: RedisMfaStoreOptions = {}): MfaStore {
  const { prefix = 'mfa:', waitForReplicas = 0 } = withoutPrototype(options);
  checkCommands(client);
  if (!Number.isSafeInteger(waitForReplicas) || waitForReplicas < 0)
    throw new MfaConfigError('Set `waitForReplicas` to a number of replicas: 1, say.');
  if (waitForReplicas > 0 && !canWait(client))
    throw new MfaConfigError('Hand `redisMfaStore` a client that can `wait`, or set no `waitForReplicas`.');
  const refuseEviction = createEvictionCheck(client);

  /** Both in one go, on one connection: WAIT speaks of what its own connection has written. */
  function untilReplicated<T>(key: string, write: (connection: RedisCommands) => Promise<T>): Promise<T> {
    return onOneConnection(client, key, async (connection) => {
      const [written, acknowledged] = await Promise.all([
        write(connection),
        connection.wait?.(waitForReplicas, waitMs),
      ]);
      if (String(written) === '0' || Number(acknowledged) >= waitForReplicas) return written;
      throw new Error(`${acknowledged} of ${waitForReplicas} replicas acknowledged the write.`);
    });
  }

  return {
    async get(userId) {
      await refuseEviction();
      const value = await client.get(prefix + userId);
      return value === null ? undefined : decode(value);
    },
    async put(userId, next, expected) {
      await refuseEviction();
      const key = prefix + userId;
      const beginning = expected === undefined ? '' : `${expected}\n`;
      const call = { keys: [key], arguments: [beginning, `${next.version}\n${next.data}`] };
      const written =
        waitForReplicas === 0
          ? await runScript(client, call)
          : await untilReplicated(key, (connection) => connection.eval(putScript, call));
      const answer = String(written);
      if (answer !== '1' && answer !== '0')
        throw new Error('Redis answered neither 1 nor 0 to a conditional write.');
      return answer === '1';
    },
    async delete(userId) {
      await refuseEviction();
      const key = prefix + userId;
      if (waitForReplicas === 0) await client.del(key);
      else await untilReplicated(key, (connection) => connection.del(key));
    },
    async *list() {
      await refuseEviction();
      for await (const key of keysBeginningWith(client, prefix)) yield key.slice(prefix.length);
    },
  };
}

/** A server that does not know the script has run nothing, so sending it whole is no repetition. */
async function runScript(client: RedisCommands, call: ScriptCall): Promise<unknown> {
  try {
    return await client.evalSha(putSha1, call);
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
    return client.eval(putScript, call);
  }
}

/** Clients may be set to give Buffers. */
function decode(value: unknown): StoredAccount {
  const text = String(value);
  const end = text.indexOf('\n');
  if (end < 1) throw new Error('The value of an account key was not written by this store.');
  return { version: text.slice(0, end), data: text.slice(end + 1) };
}
