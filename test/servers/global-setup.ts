import { type RedisServer, startRedisServer } from './redis-server.ts';

declare global {
  var sharedRedis: RedisServer | undefined;
}

/** One Redis for the whole run, unless REDIS_URL names one; the workers inherit the variable. */
export default async function globalSetup(): Promise<void> {
  if (process.env.REDIS_URL) return;
  globalThis.sharedRedis = await startRedisServer();
  process.env.REDIS_URL = globalThis.sharedRedis.url;
}
