import { afterEach, expect, jest, test } from '@jest/globals';
import bcrypt from 'bcrypt';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectNothingKnown } from '../app/expect-nothing-known.ts';
import { codeAt } from '../app/imported-user.ts';

let app: TestApp;
afterEach(async () => {
  jest.restoreAllMocks();
  await app.close();
});

/** Enrolments of as many users, each about to be confirmed, which takes half a second of processor time. */
async function begun(count: number) {
  const users = Array.from({ length: count }, (_, number) => `user ${number}`);
  return Promise.all(
    users.map(async (user) => {
      const browser = await app.pending(user);
      const started = await browser.post('/mfa/totp/enroll', {});
      return { browser, user, code: codeAt(app, started.body.data) };
    }),
  );
}

test('SF-20 twenty confirmations on a store that never writes: each is answered 503 in time', async () => {
  app = await createTestApp({ realBcrypt: true });
  const confirmations = await begun(20);
  jest.spyOn(app.store, 'put').mockImplementation(() => new Promise(() => undefined));
  const took = await Promise.all(
    confirmations.map(async ({ browser, code }) => {
      const since = performance.now();
      const { status } = await browser.post('/mfa/totp/verify-enrollment', { code });
      return { status, ms: performance.now() - since };
    }),
  );
  expect(took.map(({ status }) => status)).toEqual(took.map(() => 503));
  expect(Math.max(...took.map(({ ms }) => ms))).toBeLessThan(2_500);
});

test('SF-20 more than the processor can hash in time: who is told 503 has lost nothing, and no hash is made for nobody', async () => {
  app = await createTestApp({ realBcrypt: true });
  const confirmations = await begun(4);
  // As slow as a machine on which hundreds do this.
  const slow = bcrypt.hash;
  const hash = jest
    .spyOn(bcrypt, 'hash')
    .mockImplementation(
      ((text: string) =>
        new Promise((resolve) => setTimeout(() => resolve(slow(text, 4)), 250))) as typeof bcrypt.hash,
    );
  const responses = await Promise.all(
    confirmations.map(({ browser, code }) => browser.post('/mfa/totp/verify-enrollment', { code })),
  );
  const statuses = responses.map(({ status }) => status);
  expect(statuses.filter((status) => status === 503).length).toBeGreaterThanOrEqual(2);
  // Two at once, each a quarter of a second, for 1.8 s: what was still in line then is left.
  expect(hash.mock.calls.length).toBeLessThan(20);
  hash.mockImplementation(((text: string) => slow(text, 4)) as typeof bcrypt.hash);

  for (const [index, { browser, user, code }] of confirmations.entries()) {
    if (statuses[index] !== 503) continue;
    await expectNothingKnown(app, user);
    expect((await browser.post('/mfa/totp/verify-enrollment', { code })).status).toBe(200);
  }
});
