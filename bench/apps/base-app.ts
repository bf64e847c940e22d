import { RedisStore } from 'connect-redis';
import express, { type Express } from 'express';
import session from 'express-session';
import { createClient } from 'redis';

declare module 'express-session' {
  interface SessionData {
    /** Who has passed the first step only, in the apps that do not have our library. */
    pendingUser: string;
    /** Who is logged in. */
    signedInUser: string;
  }
}

/** The client type without Redis modules and functions. */
export type Redis = Awaited<ReturnType<typeof connectRedis>>;

/** A connection as an app would have it. */
export async function connectRedis(url: string) {
  const client = createClient({ url, disableOfflineQueue: true, socket: { connectTimeout: 1000 } });
  client.on('error', (error) => console.error(error));
  return client.connect();
}

/** What all variants have in common: a session in Redis. A route that needs its body parses it. */
export function createBaseApp(redis: Redis): Express {
  const app = express();
  app.use(
    session({
      secret: 'a secret for signing cookies',
      store: new RedisStore({ client: redis }),
      resave: false,
      saveUninitialized: false,
      cookie: { httpOnly: true, sameSite: 'lax' },
    }),
  );
  return app;
}
