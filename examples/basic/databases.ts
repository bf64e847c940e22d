import { RedisStore } from 'connect-redis';
import { type MfaStore, memoryMfaStore, redisMfaStore } from 'express-mfa';
import { MemoryStore, type Store } from 'express-session';
import { type KeyValue, memoryKeyValue } from './key-value.ts';
import { type Redis, redisKeyValue } from './redis.ts';

/** Everything that the example keeps. */
export interface Databases {
  /** The app's own: users and tokens. */
  readonly records: KeyValue;
  /** express-session's. */
  readonly sessions: Store;
  /** The library's: who has a second step. */
  readonly accounts: MfaStore;
  /** For people. */
  readonly where: string;
}

/** In memory: for trying things out. The library and express-session refuse it in production. */
export function memoryDatabases(): Databases {
  return {
    records: memoryKeyValue(),
    sessions: new MemoryStore(),
    accounts: memoryMfaStore(),
    where: 'the memory of this process: all is gone when it ends (set REDIS_URL to keep it in Redis)',
  };
}

/** In Redis: one that writes to disk (AOF) and evicts nothing, for a lost account would mean "no second step". */
export function redisDatabases(redis: Redis): Databases {
  return {
    records: redisKeyValue(redis),
    sessions: new RedisStore({ client: redis, prefix: 'session:' }),
    accounts: redisMfaStore(redis),
    where: 'Redis',
  };
}
