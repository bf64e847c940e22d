import type { Redis } from '../apps/base-app.ts';
import type { Accounts } from '../processes/start-accounts.ts';

/** Bytes in Redis that a user with an authenticator and ten backup codes takes, sessions aside. */
export async function measureMemory(redis: Redis, accounts: Accounts): Promise<number> {
  const { userId } = await accounts.enrol();
  let bytes = 0;
  for await (const keys of redis.scanIterator({ MATCH: `*${userId}*`, COUNT: 10_000 })) {
    for (const key of keys) bytes += (await redis.memoryUsage(key, { SAMPLES: 0 })) ?? 0;
  }
  return bytes;
}
