import { describe, expect, jest, test } from '@jest/globals';
import type { MfaOptions } from 'express-mfa';
import { ownTime } from '../app/own-time.ts';
import { answered, callsOf, expectNothingTold, frozen, strikeBefore, withApp } from './faulty-redis.ts';
import { interruptCalls } from './interrupt-calls.ts';
import { requests } from './requests.ts';

// What hashing costs is not the subject here, and dozens of sets at once would outlast every deadline.
jest.mock('bcrypt', () => ({
  __esModule: true,
  default: { hash: async () => `$2b$10$${'x'.repeat(53)}`, compare: async () => false },
}));

describe('SF-20 Redis stands still right before any call: 503 in time, last byte included, nothing granted', () => {
  test.concurrent.each(Object.keys(requests))('SF-20 %s', async (name) => {
    const calls = await callsOf(name);
    expect(calls.length).toBeGreaterThan(0);
    await Promise.all(calls.map((_, index) => strikeBefore(frozen, name, index + 1)));
  });
});

test.concurrent('SF-20 an answer of the host to what the guard has denied is as quick', async () => {
  const mfa: Partial<MfaOptions> = {
    onDenied: ({ status }, _req, res) => void res.status(status).json({ denied: true }),
  };
  const calls = await callsOf('guard', mfa);
  await Promise.all(calls.map((_, index) => strikeBefore(frozen, 'guard', index + 1, mfa)));
});

test.concurrent('SF-20 requests that wait for each other wait no longer than one of them', () =>
  withApp({}, async (app, server) => {
    const request = await requests['new backup codes']?.(app);
    const { begin } = interruptCalls(app);
    let struckAt = 0;
    // Three of each read the account and check the password; then one hashes, and the others wait for it.
    begin({
      at: 10,
      when: 'before',
      happens() {
        struckAt = ownTime();
        server.freeze();
      },
    });
    const responses = await Promise.all([1, 2, 3].map(() => answered(request?.send())));
    expect(ownTime() - struckAt).toBeLessThan(2_500);
    responses.forEach(expectNothingTold);
    server.thaw();
  }));
