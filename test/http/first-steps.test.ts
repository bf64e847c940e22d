import { Agent, request } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { importUser } from '../app/imported-user.ts';

let app: TestApp;
const agent = new Agent({ keepAlive: true, maxSockets: 20 });
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(async () => {
  agent.destroy();
  await app.close();
});

/** A first step without the comfort of supertest: ten thousand of them in a few seconds. Gives the new cookie. */
function firstStep(user: string, cookie: string): Promise<string> {
  const body = JSON.stringify({ user, password: `password of ${user}` });
  const headers = { 'Content-Type': 'application/json', 'Content-Length': body.length, Cookie: cookie };
  return new Promise((resolve, reject) => {
    const sending = request(`${app.url}/login`, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      if (response.statusCode !== 200)
        reject(new Error(`The first step was answered ${response.statusCode}.`));
      response.once('end', () => resolve(response.headers['set-cookie']?.[0]?.split(';')[0] ?? ''));
    });
    sending.once('error', reject);
    sending.end(body);
  });
}

test('DO-06 10,000 first steps of fifty browsers leave a session each, with a life, and nothing else', async () => {
  await importUser(app, 'A');
  const state = await app.rawState('A');
  const browsers = Array.from({ length: 50 }, async () => {
    let cookie = '';
    for (let time = 0; time < 200; time++) cookie = await firstStep('A', cookie);
  });
  await Promise.all(browsers);

  const keys = await app.redis.keys(`${app.prefix}*`);
  const sessions = keys.filter((key) => key.startsWith(`${app.prefix}sess:`));
  expect(sessions).toHaveLength(50);
  const lives = await Promise.all(sessions.map((key) => app.redis.ttl(key)));
  for (const life of lives) expect(life).toBeGreaterThan(0);
  const accounts = [];
  for await (const name of app.store.list?.() ?? []) accounts.push(name);
  expect(accounts).toEqual(['A']);
  // Beside the sessions there is that one, if it is kept in Redis at all.
  expect(keys.filter((key) => !sessions.includes(key) && key !== `${app.prefix}mfa:A`)).toEqual([]);
  expect(await app.rawState('A')).toBe(state);
});
