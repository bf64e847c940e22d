import type { TestApp } from './create-test-app.ts';

/** Every session in the store, parsed, by its id. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into every corner of the session.
export async function storedSessions({ redis, prefix }: TestApp): Promise<Record<string, any>> {
  const keys = await redis.keys(`${prefix}sess:*`);
  const entries = keys.map(async (key) => {
    const raw = await redis.get(key);
    return [key.slice(`${prefix}sess:`.length), raw === null ? undefined : JSON.parse(raw)];
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** How many sessions of a user are logged in, by the host's account or by ours. */
export async function loggedInSessions(app: TestApp, user: string): Promise<number> {
  const sessions = Object.values(await storedSessions(app));
  return sessions.filter((session) => session.userId === user || session.mfa?.userId === user).length;
}
