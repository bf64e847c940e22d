import { describe, expect, jest, test } from '@jest/globals';
import { callsOf, killed, strikeBefore } from './faulty-redis.ts';
import { requests } from './requests.ts';

// What hashing costs is not the subject here.
jest.mock('bcrypt', () => ({
  __esModule: true,
  default: { hash: async () => `$2b$10$${'x'.repeat(53)}`, compare: async () => false },
}));

describe('SF-02 Redis dies right before any call: 503, nothing granted, and all is well when it is back', () => {
  test.concurrent.each(Object.keys(requests))('SF-02 %s', async (name) => {
    const calls = await callsOf(name);
    expect(calls.length).toBeGreaterThan(0);
    await Promise.all(calls.map((_, index) => strikeBefore(killed, name, index + 1)));
  });
});
