import { randomBytes } from 'node:crypto';
import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { Secret, TOTP } from 'otpauth';
import speakeasy from 'speakeasy';
import { type Account, emptyAccount } from '../../src/account/account.ts';
import type { ProofContext } from '../../src/account/factor.ts';
import {
  matchingStep,
  newTotp,
  stepsBehind,
  timeStep,
  totp,
  totpScope,
  totpState,
} from '../../src/account/totp.ts';
import { hotp } from '../../src/crypto/hotp.ts';
import { createKeyRing } from '../../src/crypto/key-ring.ts';
import { open, seal } from '../../src/crypto/seal.ts';
import { decide } from './decide.ts';

const secret = Buffer.from('12345678901234567890');
const keyRing = createKeyRing([randomBytes(32).toString('base64')]);
const scope = { keyRing, realm: '', user: 'A' };
const now = 1_700_000_010_000;
const step = timeStep(now);
const codeAt = (offset: number) => hotp(secret, step + offset);

const enrolled = (lastStep = 0): Account => ({
  ...emptyAccount,
  epoch: 'an epoch',
  authenticators: [newTotp(secret, { ...scope, now, lastStep })],
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

test('an accepted code uses up its step and clears the failures', async () => {
  const before = { ...enrolled(step - 1), budget: { failures: 3, waitUntil: 0 } };
  const { outcome, account } = await totpDecision(before, codeAt(0));
  expect(outcome).toBe('accepted');
  expect(account).toEqual({
    ...before,
    authenticators: [{ ...before.authenticators[0], lastStep: step }],
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
])('after step %i the code of step %i is %s', async (last, offset, expected) => {
  const before = enrolled(step + last);
  const { outcome, account } = await totpDecision(before, codeAt(offset));
  expect(outcome).toBe(expected);
  if (expected === 'replayed') expect(account).toBe(before);
});

test('a wrong code counts, and changes nothing else', async () => {
  const before = enrolled(step - 1);
  const { outcome, account } = await totpDecision(before, codeAt(7));
  expect(outcome).toBe('wrong');
  expect(account).toEqual({ ...before, budget: { failures: 1, waitUntil: 0 } });
});

test('during a wait, and once disabled, a right code is not looked at and costs nothing', async () => {
  const computed = jest.spyOn(speakeasy, 'hotp');
  const waiting = { ...enrolled(), budget: { failures: 5, waitUntil: now + 1 } };
  expect(await totpDecision(waiting, '000000')).toEqual({ outcome: 'waiting', account: waiting });
  const disabled = { ...enrolled(), budget: { failures: 100, waitUntil: now } };
  expect(await totpDecision(disabled, '000000')).toEqual({ outcome: 'disabled', account: disabled });
  expect(computed).not.toHaveBeenCalled();
  computed.mockRestore();
});

test('without an authenticator every code is a wrong one, also that of the empty key', async () => {
  const codeOfNothing = speakeasy.hotp({ secret: '', counter: step });
  expect((await totpDecision(emptyAccount, codeOfNothing)).outcome).toBe('wrong');
});

test.each([
  ['missing', ''],
  ["another user's", seal(secret, totpScope({ ...scope, user: 'B' }))],
  ["another realm's", seal(secret, totpScope({ ...scope, realm: 'admin' }))],
  ["an enrolment's", seal(secret, { ...scope, purpose: 'enrollment' })],
  ['not sealed', secret.toString()],
  ['sealed but empty', seal(Buffer.alloc(0), totpScope(scope))],
  ['sealed but short', seal(Buffer.alloc(15, 7), totpScope(scope))],
])('SF-01 with a secret that is %s no code is right and none is wrong', async (_what, sealed) => {
  const [authenticator] = enrolled().authenticators;
  if (!authenticator) throw new Error('There is one.');
  const account: Account = { ...emptyAccount, authenticators: [{ ...authenticator, secret: sealed }] };
  for (const code of [codeAt(0), speakeasy.hotp({ secret: '', counter: step })]) {
    await expect(totpDecision(account, code)).rejects.toEqual(
      expect.objectContaining({ name: 'MfaError', code: 'secret_unreadable' }),
    );
  }
});

test('where the last step is not known, no code is right and none is wrong', async () => {
  for (const code of [codeAt(0), codeAt(1), codeAt(7)]) {
    await expect(totpDecision(enrolled(Number.NaN), code)).rejects.toEqual(
      expect.objectContaining({ name: 'MfaError', code: 'secret_unreadable' }),
    );
  }
});

test('a new authenticator is sealed for its user, and remembers where it began', () => {
  const state = newTotp(secret, { ...scope, now, lastStep: 9 });
  expect(state).toEqual({
    id: expect.stringMatching(/^[\w-]{8}$/),
    kind: 'totp',
    name: '',
    addedAt: now,
    secret: expect.stringMatching(/^v1\./),
    lastStep: 9,
  });
  expect(open(totpState(state).secret, totpScope(scope))).toEqual(secret);
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
  return decide(totp, account, code, context());
}

/** An account with several authenticator apps. */
function withApps(...apps: [secret: Buffer, lastStep: number][]): Account {
  const authenticators = apps.map(([key, lastStep]) => newTotp(key, { ...scope, now, lastStep }));
  return { ...emptyAccount, epoch: 'an epoch', authenticators };
}
const lastSteps = ({ authenticators }: Account) => authenticators.map(({ lastStep }) => lastStep);
const other = Buffer.from('another secret of 20');

describe('of several authenticator apps', () => {
  test('each opens the account, and only its own step is used up', async () => {
    const before = withApps([secret, 1], [other, 2]);
    const first = await totpDecision(before, codeAt(0));
    expect([first.outcome, lastSteps(first.account)]).toEqual(['accepted', [step, 2]]);
    const second = await totpDecision(first.account, hotp(other, step));
    expect([second.outcome, lastSteps(second.account)]).toEqual(['accepted', [step, step]]);
  });

  test('the same key twice gives a code that counts once, whichever of the two has seen it', async () => {
    const twice = withApps([secret, 1], [secret, 2]);
    const { outcome, account } = await totpDecision(twice, codeAt(0));
    expect([outcome, lastSteps(account)]).toEqual(['accepted', [step, step]]);
    for (const known of [withApps([secret, step], [secret, 0]), withApps([secret, 0], [secret, step])]) {
      const again = await totpDecision(known, codeAt(0));
      expect(again).toEqual({ outcome: 'replayed', account: known });
    }
  });

  test('one that cannot be read stops none of the others, and a guess at them counts', async () => {
    const [readable] = withApps([secret, 1]).authenticators;
    const broken = { id: 'x', kind: 'totp', name: '', addedAt: 0, secret: '', lastStep: 0 };
    for (const authenticators of [
      [broken, readable],
      [readable, broken],
    ]) {
      const account = { ...emptyAccount, authenticators: authenticators.filter((one) => one !== undefined) };
      expect((await totpDecision(account, codeAt(0))).outcome).toBe('accepted');
      const wrong = await totpDecision(account, codeAt(7));
      expect([wrong.outcome, wrong.account.budget.failures]).toEqual(['wrong', 1]);
    }
  });

  test('an authenticator of a kind that this release does not know proves nothing, and stays', async () => {
    const passkey = { id: 'p', kind: 'passkey', name: 'Key', addedAt: 1, secret: 'x', lastStep: 0 };
    const account = { ...emptyAccount, authenticators: [passkey] };
    const { outcome, account: after } = await totpDecision(account, codeAt(0));
    expect([outcome, after.authenticators]).toEqual(['wrong', [passkey]]);
  });
});
