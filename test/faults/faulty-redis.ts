import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { MfaOptions } from 'express-mfa';
import type { Response } from 'supertest';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { importUser } from '../app/imported-user.ts';
import { ownTime } from '../app/own-time.ts';
import { storedSessions } from '../app/stored-sessions.ts';
import { type RedisServer, startRedisServer } from '../servers/redis-server.ts';
import { interruptCalls } from './interrupt-calls.ts';
import { hostRequests, requests } from './requests.ts';

/** What happens to Redis, and how it is brought back. */
export interface Fault {
  strike(server: RedisServer): unknown;
  repair(server: RedisServer): unknown;
}

/** Redis stands still: nothing is answered, and what was sent is done when it goes on. */
export const frozen: Fault = { strike: (server) => server.freeze(), repair: (server) => server.thaw() };
/** Redis is gone, and comes back with what it had written. */
export const killed: Fault = { strike: (server) => server.kill(), repair: (server) => server.restart() };

/** An app on a Redis of its own, for one fault. */
export async function withApp<T>(
  mfa: Partial<MfaOptions>,
  run: (app: TestApp, server: RedisServer) => Promise<T>,
): Promise<T> {
  const server = await startRedisServer({ args: ['--appendonly', 'yes', '--appendfsync', 'always'] });
  const app = await createTestApp({ redisUrl: server.url, after: hostRequests, mfa });
  try {
    return await run(app, server);
  } finally {
    await app.close();
    await server.stop();
  }
}

/**
 * The calls to the stores that a request makes where nothing goes wrong. On a crowded machine a disk may take longer for
 * one write than a request waits: then it is asked again, on another Redis.
 */
export async function callsOf(name: string, mfa: Partial<MfaOptions> = {}): Promise<readonly string[]> {
  const tries = [1, 2, 3];
  for (const again of tries) {
    const { status = 0, calls } = await withApp(mfa, async (app) => {
      const request = await requests[name]?.(app);
      const counted = interruptCalls(app);
      counted.begin();
      return { status: (await request?.send())?.status, calls: counted.calls };
    });
    if (status < 300) return calls;
    expect([name, status, again < tries.length]).toEqual([name, 503, true]);
  }
  throw new Error('There is no try left.');
}

/** Lets the fault strike right before the n-th of those calls: see what must hold. */
export function strikeBefore(
  fault: Fault,
  name: string,
  at: number,
  mfa: Partial<MfaOptions> = {},
): Promise<void> {
  return withApp(mfa, async (app, server) => {
    const request = await requests[name]?.(app);
    if (!request) throw new Error(`There is no request ${name}.`);
    const before = await loggedIn(app);
    expect(before).toHaveLength(request.loggedIn);
    const reached = app.reached();
    let struckAt = 0;
    interruptCalls(app).begin({
      at,
      when: 'before',
      happens: () => {
        struckAt = ownTime();
        return fault.strike(server);
      },
    });
    const response = await answered(request.send());
    expect(ownTime() - struckAt).toBeLessThan(2_500);
    expectNothingTold(response);
    expect(app.reached()).toBe(reached);

    await fault.repair(server);
    if (!app.redis.isReady) await once(app.redis, 'ready');
    // What was sent to a frozen server is done before this is answered.
    await app.redis.ping();
    const after = await loggedIn(app);
    expect(before).toEqual(expect.arrayContaining(after));
    await expectRecovered(app);
  });
}

/** A request that is never answered fails here, and not with the time of the whole test. */
export async function answered(response: Promise<Response> | undefined): Promise<Response> {
  const given = new AbortController();
  const late = delay(30_000, undefined, { signal: given.signal }).then(() => {
    throw new Error('There was no answer within thirty seconds.');
  });
  try {
    return await Promise.race([response ?? late, late]);
  } finally {
    given.abort();
    late.catch(() => undefined);
  }
}

export function expectNothingTold(response: Response): void {
  expect(response.status).toBe(503);
  // A log-out that ended this session, and not the others, takes its cookie back.
  const cookies = [response.headers['set-cookie'] ?? []].flat();
  expect(cookies.filter((cookie) => !cookie.startsWith('sid=;'))).toEqual([]);
  expect(response.text).not.toMatch(/otpauth|[A-Z2-7]{32}|[0-9A-Z]{4}-[0-9A-Z]{4}-|verified|"ok":true/);
}

/** The sessions in which somebody is logged in, by id and what was proven in them. */
async function loggedIn(app: TestApp): Promise<string[]> {
  const sessions = Object.entries(await storedSessions(app));
  return sessions
    .filter(([, session]) => session.userId !== undefined || session.mfa?.userId !== undefined)
    .map(([id, session]) => `${id} ${session.userId} ${JSON.stringify(session.mfa?.proofs)}`);
}

/** Without a restart, somebody else enrols, logs in and is let through. */
async function expectRecovered(app: TestApp): Promise<void> {
  const browser = await app.full('B', await importUser(app, 'B'));
  expect((await browser.get('/private')).body).toEqual({ reached: true, userId: 'B' });
}
