import { randomBytes } from 'node:crypto';
import { afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { createMfaRouter, type MfaRouter, memoryMfaStore } from 'express-mfa';
import { enrol, type TestAuthenticator } from 'express-mfa/testing';
import { Secret, TOTP } from 'otpauth';
import { createClock } from '../app/clock.ts';

const clock = createClock();
let mfa: MfaRouter;
let authenticator: TestAuthenticator;

function createRouter(options: { now?: () => number; realm?: string }): MfaRouter {
  return createMfaRouter({
    issuer: 'Acme',
    keys: [randomBytes(32).toString('base64')],
    store: memoryMfaStore(),
    currentUserId: () => undefined,
    logIn: () => undefined,
    accountName: () => 'name',
    ...options,
  });
}
beforeAll(async () => {
  mfa = createRouter({ now: clock.now });
  authenticator = await enrol(mfa, 'A', { now: clock.now });
});
afterEach(() => {
  jest.restoreAllMocks();
});

test('gives a secret and ten backup codes that are in force', async () => {
  expect(authenticator.secret).toMatch(/^[A-Z2-7]{32}$/);
  expect(new Set(authenticator.backupCodes).size).toBe(10);
  expect(await mfa.service.status('A')).toMatchObject({ totpEnabled: true, backupCodesRemaining: 10 });
  const code = authenticator.backupCodes[9] ?? '';
  expect(await mfa.service.verify('A', { code })).toMatchObject({ ok: true, method: 'backup_code' });
});

test('gives two codes of one moment that are accepted, then asks to move the clock', async () => {
  const other = await enrol(mfa, 'B', { now: clock.now });
  const totp = new TOTP({ secret: Secret.fromBase32(other.secret) });
  const codes = [other.code(), other.code()];
  expect(codes).toEqual([0, 30_000].map((ahead) => totp.generate({ timestamp: clock.now() + ahead })));
  for (const code of codes) expect(await mfa.service.verify('B', { code })).toMatchObject({ ok: true });
  expect(() => other.code()).toThrow('move the clock (`now`) on by 30000 ms');
  expect(() => other.code()).toThrow('move the clock');

  clock.move(30_000);
  expect(await mfa.service.verify('B', { code: other.code() })).toMatchObject({ ok: true });
  clock.move(600_000);
  expect(await mfa.service.verify('B', { code: other.code() })).toMatchObject({ ok: true });
});

test('refuses a user who is enrolled, and leaves the account as it was', async () => {
  const before = await mfa.service.status('A');
  await expect(enrol(mfa, 'A', { now: clock.now })).rejects.toThrow('cannot be enrolled: CONFLICT');
  expect(await mfa.service.status('A')).toEqual(before);
});

test('says so where the clock is not that of the router', async () => {
  const other = () => clock.now() + 3_600_000;
  await expect(enrol(mfa, 'C', { now: other })).rejects.toThrow('cannot be enrolled: INVALID_CODE');
  expect(await mfa.service.status('C')).toMatchObject({ enrolled: false });
});

test('goes by the real time where no clock is given', async () => {
  const real = createRouter({ realm: 'real-time' });
  // Between two steps the codes would be another step's.
  const time = Date.now();
  jest.spyOn(Date, 'now').mockImplementation(() => time);
  const { code } = await enrol(real, 'A');
  expect(await real.service.verify('A', { code: code() })).toMatchObject({ ok: true });
});
