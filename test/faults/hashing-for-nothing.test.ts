import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { codeAt } from '../app/imported-user.ts';
import { ownTime } from '../app/own-time.ts';

// As long as on a slow machine, on any: three tenths of a second a set, two codes at once.
const hash = `$2b$10$${'x'.repeat(53)}`;
jest.mock('bcrypt', () => ({
  __esModule: true,
  default: { hash: () => delay(60, hash), compare: async () => false },
}));

const users = Array.from({ length: 20 }, (_, index) => `user ${index}`);
let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ realBcrypt: true });
});
afterEach(() => void jest.restoreAllMocks());
afterAll(() => app.close());

/** Twenty first codes, all of them right, at once. */
async function confirmAll(of: (user: string) => string) {
  const running = users.map(async (user) => {
    const browser = await app.pending(of(user));
    return { browser, secret: (await browser.post('/mfa/totp/enroll', {})).body.data };
  });
  const ready = await Promise.all(running);
  return () =>
    Promise.all(
      ready.map(async ({ browser, secret }) => {
        const began = ownTime();
        const { status } = await browser.post('/mfa/totp/verify-enrollment', { code: codeAt(app, secret) });
        return { status, ms: ownTime() - began };
      }),
    );
}

test('SF-20 twenty confirmations on a store that takes no write: 503 in time, each of them', async () => {
  const confirm = await confirmAll((user) => `unlucky ${user}`);
  const put = jest.spyOn(app.store, 'put').mockImplementation(() => new Promise(() => undefined));
  const answers = await confirm();
  expect(answers.map(({ status }) => status)).toEqual(users.map(() => 503));
  expect(Math.max(...answers.map(({ ms }) => ms))).toBeLessThan(2_500);
  // What was still to be hashed is not written when it is.
  const tried = put.mock.calls.length;
  expect(tried).toBeLessThan(10);
  await delay(5_500);
  expect(put).toHaveBeenCalledTimes(tried);
  for (const user of users) expect(await app.state(`unlucky ${user}`)).toHaveProperty('authenticators', []);
});

test('twenty confirmations on a store that does: the last of them takes its time, and all are in force', async () => {
  const confirm = await confirmAll((user) => `lucky ${user}`);
  const answers = await confirm();
  expect(answers.map(({ status }) => status)).toEqual(users.map(() => 200));
  expect(Math.max(...answers.map(({ ms }) => ms))).toBeGreaterThan(2_500);
});
