import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import request from 'supertest';
import { createApp } from '../../../examples/basic/app.ts';
import { redisDatabases } from '../../../examples/basic/databases.ts';
import { connectRedis, type Redis } from '../../../examples/basic/redis.ts';
import { ownTime } from '../../app/own-time.ts';
import { type RedisServer, startRedisServer } from '../../servers/redis-server.ts';
import { exampleOptions, password } from './example-options.ts';

let server: RedisServer;
let redis: Redis;
beforeAll(async () => {
  // What the app tells its operator.
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
  server = await startRedisServer();
  redis = await connectRedis(server.url);
});
afterAll(async () => {
  redis.destroy();
  await server.stop();
});

test('while Redis is frozen the app answers 503 in good time, and goes on when it is back', async () => {
  const { app, users } = createApp({ ...exampleOptions(), databases: redisDatabases(redis) });
  const alice = { email: 'alice@example.com', password };
  await users.register(alice.email, password);
  const loggedIn = await request(app).post('/login').send(alice);
  const [cookie = ''] = [loggedIn.headers['set-cookie'] ?? []].flat();
  const account = () => request(app).get('/account').set('Cookie', cookie);
  expect((await account()).status).toBe(200);

  server.freeze();
  const begun = ownTime();
  const answers = await Promise.all([account(), request(app).get('/mfa/totp/status').set('Cookie', cookie)]);
  const took = ownTime() - begun;
  server.thaw();
  expect(answers.map(({ status }) => status)).toEqual([503, 503]);
  expect(took).toBeLessThan(2_500);

  // The client may have given the connection up, and then takes a moment for a new one.
  let back = await account();
  for (let tries = 0; back.status !== 200 && tries < 50; tries++) back = await account();
  expect(back.body).toEqual({ email: alice.email });
});
