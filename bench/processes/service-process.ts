import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createMfaRouter, type MfaStore, redisMfaStore } from 'express-mfa';
import { kyselyMfaStore } from 'express-mfa/kysely';
import { Kysely, PostgresDialect } from 'kysely';
import { Pool } from 'pg';
import { connectRedis } from '../apps/base-app.ts';
import { codeAt } from '../load/totp-codes.ts';
import { answerQuestions } from './ask.ts';

const [url = '', ...keys] = process.argv.slice(2);
const { service } = createMfaRouter({
  issuer: 'Bench',
  keys,
  store: await openStore(),
  currentUserId: () => undefined,
  logIn: () => undefined,
  accountName: (userId) => `${userId}@example.org`,
});
let logins: { stop: boolean; ended: Promise<Logins> } | undefined;

/** What a stretch of second steps came to. */
export interface Logins {
  readonly succeeded: number;
  /** Refused or rejected: every code was right. */
  readonly failed: number;
  /** ms each. */
  readonly latencies: readonly number[];
}

answerQuestions({
  importUsers,
  verifyAll: ({ users, secret, inHand }: { users: string[]; secret: string; inHand: number }) =>
    verifyAll(users, { secret, inHand, goesOn: () => true }),
  startLogins({ users, secret, pauseMs }: { users: string[]; secret: string; pauseMs: number }) {
    const state = { stop: false };
    const ended = verifyAll(users, { secret, inHand: 2, pauseMs, goesOn: () => !state.stop });
    logins = Object.assign(state, { ended });
  },
  async stopLogins() {
    if (logins) logins.stop = true;
    return logins?.ended;
  },
  resealAll: ({ dieAt = Number.POSITIVE_INFINITY }: { dieAt?: number }) =>
    service.resealAll({
      onProgress({ done }) {
        if (done >= dieAt) process.kill(process.pid, 'SIGKILL');
      },
    }),
});

async function openStore(): Promise<MfaStore> {
  if (url.startsWith('redis:')) return redisMfaStore(await connectRedis(url));
  const pool = new Pool({ connectionString: url, max: 16 });
  return kyselyMfaStore(new Kysely({ dialect: new PostgresDialect({ pool }) }));
}

/** Users with that secret, whose codes are accepted from the next time step on. */
async function importUsers({ count, secret }: { count: number; secret: string }): Promise<string[]> {
  const users = Array.from({ length: count }, () => randomBytes(16).toString('hex'));
  await inParallel(users, 64, async (user) => {
    await service.importTotp(user, secret, { encoding: 'base32' });
  });
  return users;
}

/** One second step for each user, the service's own part of it: reading, deciding and writing the account. */
async function verifyAll(
  users: readonly string[],
  {
    secret,
    inHand,
    pauseMs = 0,
    goesOn,
  }: { secret: string; inHand: number; pauseMs?: number; goesOn: () => boolean },
): Promise<Logins> {
  const latencies: number[] = [];
  let failed = 0;
  await inParallel(users, inHand, async (user) => {
    if (!goesOn()) return;
    const started = performance.now();
    const result = await service.verify(user, { code: codeAt(secret, 1) }).catch(() => ({ ok: false }));
    latencies.push(performance.now() - started);
    if (!result.ok) failed++;
    if (pauseMs > 0) await delay(pauseMs);
  });
  return { succeeded: latencies.length - failed, failed, latencies };
}

async function inParallel<T>(items: readonly T[], workers: number, run: (item: T) => Promise<void>) {
  const left = items.values();
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (const item of left) await run(item);
    }),
  );
}
