import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectRefusal } from '../app/expect-refusal.ts';

/** The longest that is still read, and one character more. */
let app: TestApp;
let browser: Browser;
beforeAll(async () => {
  app = await createTestApp();
  await app.mfa.service.endSessions('N');
  browser = await app.pending('N');
});
afterAll(() => app.close());

const enroll = (body: object | string) =>
  browser.post('/mfa/totp/enroll', body, { 'Content-Type': 'application/json' });
const failures = async () => (await app.state('N')).budget.failures;

test('a password of 1,000 characters is asked of the host; one more is malformed, and no guess', async () => {
  expectRefusal(await enroll({ password: 'x'.repeat(1_001) }), 400, 'VALIDATION_ERROR');
  expect(await failures()).toBe(0);
  expectRefusal(await enroll({ password: 'x'.repeat(1_000) }), 401, 'INVALID_CREDENTIALS');
  expect(await failures()).toBe(1);
});

test('a body of 2,048 bytes is read; of one more it is not', async () => {
  const body = (length: number) => JSON.stringify({ password: 'x' }).padEnd(length);
  expectRefusal(await enroll(body(2_049)), 413, 'VALIDATION_ERROR');
  expect(await failures()).toBe(1);
  expectRefusal(await enroll(body(2_048)), 401, 'INVALID_CREDENTIALS');
  expect(await failures()).toBe(2);
});
