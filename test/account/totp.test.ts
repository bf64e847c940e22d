import { randomBytes } from 'node:crypto';
import { expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { Secret, TOTP } from 'otpauth';
import speakeasy from 'speakeasy';
import { type Account, emptyAccount } from '../../src/account/account.ts';
import type { ProofContext } from '../../src/account/factor.ts';
import { matchingStep, newTotp, stepsBehind, timeStep, totp, totpScope } from '../../src/account/totp.ts';
import { hotp } from '../../src/crypto/hotp.ts';
import { createKeyRing } from '../../src/crypto/key-ring.ts';
import { open, seal } from '../../src/crypto/seal.ts';

const secret = Buffer.from('12345678901234567890');
const keyRing = createKeyRing([randomBytes(32).toString('base64')]);
const scope = { keyRing, realm: '', user: 'A' };
const now = 1_700_000_010_000;
const step = timeStep(now);
const codeAt = (offset: number) => hotp(secret, step + offset);

const enrolled = (lastStep = 0): Account => ({
  ...emptyAccount,
  epoch: 'an epoch',
  totp: newTotp(secret, { ...scope, now, lastStep }),
});
const context = (at = now): ProofContext => ({
  ...scope,
  now: at,
  compare: () => Promise.reject(new Error('TOTP compares no hashes')),
  hasMatched: () => false,
});

test('RFC 6238 §4.2: a step begins every 30 seconds', () => {
  expect([0, 29_999, 30_000, 59_999, 60_000].map(timeStep)).toEqual([0, 0, 1, 1, 2]);
});

test.each([
  [-2, undefined],
  [-1, -1],
  [0, 0],
  [1, 1],
  [2, undefined],
])('the code of step %i belongs to step %p of now', (offset, found) => {
  expect(matchingStep(secret, codeAt(offset), now)).toBe(found === undefined ? undefined : step + found);
});

test('accepts what an independent implementation accepts, at any time', () => {
  const time = fc.integer({ min: 60_000, max: 4_000_000_000_000 });
  const key = fc.uint8Array({ minLength: 16, maxLength: 40 });
  fc.assert(
    fc.property(key, time, fc.integer({ min: -3, max: 3 }), (bytes, at, offset) => {
      const oracle = new TOTP({ secret: new Secret({ buffer: bytes.slice().buffer }) });
      const token = oracle.generate({ timestamp: at + offset * 30_000 });
      const delta = oracle.validate({ token, timestamp: at, window: 1 });
      const match = matchingStep(Buffer.from(bytes), token, at);
      expect(match === undefined).toBe(delta === null);
      // Two steps may share a code: then the later one counts.
      if (match !== undefined && delta !== null) expect(match).toBeGreaterThanOrEqual(timeStep(at) + delta);
    }),
  );
});

test('where two steps have the same code, the later one is used up with it', () => {
  // Found by searching: once in about half a million steps.
  const [first, later] = [153_567, 153_569];
  expect(hotp(secret, first)).toBe(hotp(secret, later));
  expect(matchingStep(secret, hotp(secret, first), (first + 1) * 30_000)).toBe(later);
});

test('IL-08 all three steps are computed, whichever the code matches', () => {
  const computed = jest.spyOn(speakeasy, 'hotp');
  for (const code of [codeAt(-1), codeAt(0), codeAt(1), codeAt(5)]) {
    computed.mockClear();
    matchingStep(secret, code, now);
    expect(computed.mock.calls.map(([{ counter }]) => counter)).toEqual([step - 1, step, step + 1]);
  }
  computed.mockRestore();
});

test('an accepted code uses up its step and clears the failures', () => {
  const before = { ...enrolled(step - 1), budget: { failures: 3, waitUntil: 0 } };
  const { outcome, account } = totpDecision(before, codeAt(0));
  expect(outcome).toBe('accepted');
  expect(account).toEqual({
    ...before,
    totp: { ...before.totp, lastStep: step },
    budget: { failures: 0, waitUntil: 0 },
  });
});

test.each([
  [-1, -1, 'replayed'],
  [0, 0, 'replayed'],
  [1, 1, 'replayed'],
  [1, 0, 'replayed'],
  [1, -1, 'replayed'],
  [50, 0, 'replayed'],
  [-1, 0, 'accepted'],
  [0, 1, 'accepted'],
  [-2, -1, 'accepted'],
])('after step %i the code of step %i is %s', (last, offset, expected) => {
  const before = enrolled(step + last);
  const { outcome, account } = totpDecision(before, codeAt(offset));
  expect(outcome).toBe(expected);
  if (expected === 'replayed') expect(account).toBe(before);
});

test('a wrong code counts, and changes nothing else', () => {
  const before = enrolled(step - 1);
  const { outcome, account } = totpDecision(before, codeAt(7));
  expect(outcome).toBe('wrong');
  expect(account).toEqual({ ...before, budget: { failures: 1, waitUntil: 0 } });
});

test('during a wait, and once disabled, a right code is not looked at and costs nothing', () => {
  const computed = jest.spyOn(speakeasy, 'hotp');
  const waiting = { ...enrolled(), budget: { failures: 5, waitUntil: now + 1 } };
  expect(totpDecision(waiting, '000000')).toEqual({ outcome: 'waiting', account: waiting });
  const disabled = { ...enrolled(), budget: { failures: 100, waitUntil: now } };
  expect(totpDecision(disabled, '000000')).toEqual({ outcome: 'disabled', account: disabled });
  expect(computed).not.toHaveBeenCalled();
  computed.mockRestore();
});

test('without an authenticator every code is a wrong one, also that of the empty key', () => {
  const codeOfNothing = speakeasy.hotp({ secret: '', counter: step });
  expect(totpDecision(emptyAccount, codeOfNothing).outcome).toBe('wrong');
});

test.each([
  ['missing', ''],
  ["another user's", seal(secret, totpScope({ ...scope, user: 'B' }))],
  ["another realm's", seal(secret, totpScope({ ...scope, realm: 'admin' }))],
  ["an enrolment's", seal(secret, { ...scope, purpose: 'enrollment' })],
  ['not sealed', secret.toString()],
  ['sealed but empty', seal(Buffer.alloc(0), totpScope(scope))],
  ['sealed but short', seal(Buffer.alloc(15, 7), totpScope(scope))],
])('SF-01 with a secret that is %s no code is right and none is wrong', (_what, sealed) => {
  const account: Account = { ...emptyAccount, totp: { secret: sealed, lastStep: 0, enrolledAt: 0 } };
  for (const code of [codeAt(0), speakeasy.hotp({ secret: '', counter: step })]) {
    expect(() => totpDecision(account, code)).toThrow(
      expect.objectContaining({ name: 'MfaError', code: 'secret_unreadable' }),
    );
  }
});

test('where the last step is not known, no code is right and none is wrong', () => {
  for (const code of [codeAt(0), codeAt(1), codeAt(7)]) {
    expect(() => totpDecision(enrolled(Number.NaN), code)).toThrow(
      expect.objectContaining({ name: 'MfaError', code: 'secret_unreadable' }),
    );
  }
});

test('a new authenticator is sealed for its user, and remembers where it began', () => {
  const state = newTotp(secret, { ...scope, now, lastStep: 9 });
  expect(state).toEqual({ secret: expect.stringMatching(/^v1\./), lastStep: 9, enrolledAt: now });
  expect(open(state.secret, totpScope(scope))).toEqual(secret);
});

test.each([
  [-100, 0],
  [0, 0],
  [2, 0],
  [3, 3],
  [40, 40],
])('with the last step %i ahead of it, the clock is %i steps behind', (ahead, behind) => {
  expect(stepsBehind(enrolled(step + ahead), now)).toBe(behind);
});

function totpDecision(account: Account, code: string) {
  const decision = totp.decide(account, code, context());
  if (decision instanceof Promise) throw new Error('TOTP decides at once.');
  return decision;
}
