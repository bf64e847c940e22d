import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { redisMfaStore } from 'express-mfa';
import type { Response } from 'supertest';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { createTestRedis, type TestRedis } from '../app/create-test-redis.ts';
import { importUser } from '../app/imported-user.ts';
import { ownTime } from '../app/own-time.ts';
import { loggedInSessions } from '../app/stored-sessions.ts';
import { type RedisServer, startRedisServer } from '../servers/redis-server.ts';
import { interruptCalls } from './interrupt-calls.ts';

let accounts: RedisServer;
let sessions: RedisServer;
let accountsClient: TestRedis;
let app: TestApp;
beforeAll(async () => {
  [accounts, sessions] = await Promise.all([startRedisServer(), startRedisServer()]);
  accountsClient = createTestRedis(accounts.url);
  await accountsClient.connect();
  app = await createTestApp({ redisUrl: sessions.url, mfa: { store: redisMfaStore(accountsClient) } });
});
afterAll(async () => {
  await app.close();
  accountsClient.destroy();
  await Promise.all([accounts.stop(), sessions.stop()]);
});

function expectUnavailable(response: Response): void {
  expect(response.status).toBe(503);
  expect(response.headers['set-cookie']).toBeUndefined();
}

describe('the Redis of the accounts stands still', () => {
  test('SF-03 everybody is refused in time, all at once, and goes on when it does', async () => {
    const full = await app.full('A', await importUser(app, 'A'));
    const authenticator = await importUser(app, 'B');
    const pending = await app.pending('B');
    const code = authenticator.code();
    const reached = app.reached();

    accounts.freeze();
    const began = ownTime();
    const responses = await Promise.all([
      full.copy().get('/mfa/totp/status'),
      full.copy().get('/private'),
      full.copy().get('/lenient'),
      full.copy().delete('/mfa/totp/disable', { password: 'password of A' }),
      full.copy().post('/mfa/totp/enroll', { password: 'password of A' }),
      pending.copy().post('/mfa/totp/verify', { code }),
      app.browser().post('/login', { user: 'A', password: 'password of A' }),
      app.browser().post('/login', { user: 'nobody', password: 'password of nobody' }),
    ]);
    expect(ownTime() - began).toBeLessThan(2_500);
    responses.forEach(expectUnavailable);
    expect(app.reached()).toBe(reached);

    accounts.thaw();
    // The pending login was not touched by it, nor was its code.
    expect((await pending.post('/mfa/totp/verify', { code })).status).toBe(200);
    expect((await full.get('/private')).status).toBe(200);
    expect(await loggedInSessions(app, 'nobody')).toBe(0);
  });

  test('SF-03 a code whose write came too late is spent, and has logged nobody in', async () => {
    const authenticator = await importUser(app, 'C');
    const browser = await app.pending('C');
    const code = authenticator.code();
    const calls = interruptCalls(app);
    calls.begin({ at: 2, when: 'before', happens: () => accounts.freeze() });
    expectUnavailable(await browser.post('/mfa/totp/verify', { code }));
    expect(calls.calls).toEqual(['get', 'put']);

    accounts.thaw();
    await accountsClient.ping();
    expect(await loggedInSessions(app, 'C')).toBe(0);
    const again = await browser.post('/mfa/totp/verify', { code });
    expect(again.body.error_type).toBe('NO_PENDING_LOGIN');
    const afresh = await app.pending('C');
    expect((await afresh.post('/mfa/totp/verify', { code })).body.error_type).toBe('INVALID_CODE');
    app.clock.nextStep(2);
    const response = await afresh.post('/mfa/totp/verify', { code: authenticator.code() });
    expect(response.status).toBe(200);
  });
});

describe('the Redis of the sessions stands still', () => {
  test('SF-03 a code that was right is spent, and has logged nobody in, also not later', async () => {
    const authenticator = await importUser(app, 'D');
    const browser = await app.pending('D');
    const code = authenticator.code();
    const calls = interruptCalls(app);
    calls.begin({ at: 2, when: 'after', happens: () => sessions.freeze() });
    expectUnavailable(await browser.post('/mfa/totp/verify', { code }));
    expect([...calls.calls].sort()).toEqual(['destroy', 'destroy', 'get', 'put', 'set']);

    sessions.thaw();
    await app.redis.ping();
    expect(await loggedInSessions(app, 'D')).toBe(0);
    expect((await browser.get('/private')).status).toBe(401);
    expect((await browser.post('/mfa/totp/verify', { code })).status).toBe(401);
  });
});
