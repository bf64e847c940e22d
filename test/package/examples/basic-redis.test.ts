import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { enrol } from 'express-mfa/testing';
import request from 'supertest';
import { createApp } from '../../../examples/basic/app.ts';
import { redisDatabases } from '../../../examples/basic/databases.ts';
import { connectRedis, type Redis } from '../../../examples/basic/redis.ts';
import { exampleOptions, password, tokenIn } from './example-options.ts';

// A database of its own: the example's keys have no prefix of the tests.
const url = `${process.env.REDIS_URL}/9`;
let redis: Redis;
beforeAll(async () => {
  redis = await connectRedis(url);
  await redis.flushDb();
});
afterAll(() => redis.destroy());

const alice = { email: 'alice@example.com', password };

test('with Redis, users, sessions and second steps outlive the process', async () => {
  const options = { ...exampleOptions(), databases: redisDatabases(redis) };
  const before = createApp(options);
  const user = await before.users.register(alice.email, password);
  const authenticator = await enrol(before.mfa, user?.id ?? '', { now: options.now });
  const loggedIn = await request(before.app).post('/login').send(alice);
  expect(loggedIn.body.status).toBe('mfa_required');
  const [cookie = ''] = [loggedIn.headers['set-cookie'] ?? []].flat();

  const { app } = createApp({ ...options, databases: redisDatabases(redis) });
  const verified = await request(app)
    .post('/mfa/totp/verify')
    .set('Cookie', cookie)
    .send({ code: authenticator.code() });
  expect(verified.status).toBe(200);
  const [upgraded = ''] = [verified.headers['set-cookie'] ?? []].flat();
  const account = await request(app).get('/account').set('Cookie', upgraded);
  expect(account.body).toEqual({ email: alice.email });
  expect((await redis.keys('*')).map((key) => key.split(':')[0]).sort()).toEqual([
    'email',
    'mfa',
    'session',
    'user',
  ]);
});

test('with Redis, the token of a password reset is a hash that has an end, and is good once', async () => {
  const options = { ...exampleOptions(), databases: redisDatabases(redis) };
  const { app, users } = createApp(options);
  const email = 'carol@example.com';
  const user = await users.register(email, password);
  expect(await users.register(email, password)).toBeUndefined();
  await request(app).post('/password-reset').send({ email });
  const key = `reset:${user?.id}`;
  // The mail is sent after the answer.
  while (options.mails.length === 0) await redis.ping();
  const token = tokenIn(options.mails[0]);
  expect(await redis.pTTL(key)).toBeGreaterThan(0);
  expect(token).not.toContain(await redis.get(key));

  const confirm = () => request(app).post('/password-reset/confirm').send({ token, password });
  const both = await Promise.all([confirm(), confirm()]);
  expect(both.map(({ status }) => status).sort()).toEqual([200, 400]);
});
