import { randomBytes } from 'node:crypto';
import { expect, jest, test } from '@jest/globals';
import speakeasy from 'speakeasy';
import { decodeBase32, rfc4648 } from '../../src/crypto/base32.ts';

// Drawing ten thousand QR codes takes a minute, and is not what this is about.
jest.mock('uqr', () => ({ encode: () => ({ data: [[true]], size: 1 }) }));

async function createRouter() {
  const { createMfaRouter, memoryMfaStore } = await import('express-mfa');
  return createMfaRouter({
    issuer: 'Acme',
    keys: [randomBytes(32).toString('base64')],
    store: memoryMfaStore(),
    currentUserId: () => undefined,
    logIn: () => undefined,
    accountName: () => 'ann@example.com',
    now: () => 1_700_000_000_000,
  });
}

/** By how much the counts differ from all being the same: about the number of counts, if chance alone is at work. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

test('EN-09 ten thousand secrets: 160 bits each, uniform at every place, and no other source of chance', async () => {
  const { service } = await createRouter();
  const refused = () => {
    throw new Error('That is no source of secrets.');
  };
  for (const name of [
    'generateSecret',
    'generateSecretASCII',
    'generate_key',
    'generate_key_ascii',
  ] as const) {
    jest.spyOn(speakeasy, name).mockImplementation(refused);
  }
  jest.spyOn(Math, 'random').mockImplementation(refused);
  const secrets: string[] = [];
  for (let index = 0; index < 10_000; index++) {
    const started = await service.startEnrollment('A');
    if (started.ok) secrets.push(started.secret);
  }
  jest.restoreAllMocks();

  expect(new Set(secrets).size).toBe(10_000);
  expect(secrets.filter((secret) => !/^[A-Z2-7]{32}$/.test(secret))).toEqual([]);
  expect(secrets.filter((secret) => decodeBase32(secret)?.length !== 20)).toEqual([]);
  for (let place = 0; place < 32; place++) {
    const counts = [...rfc4648].map((letter) => secrets.filter((secret) => secret[place] === letter).length);
    // 31 degrees of freedom: above 110 once in some billion times.
    expect(chiSquare(counts)).toBeLessThan(110);
  }
});
