import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type Budget,
  countFailure,
  disablesAuthenticator,
  fullBudget,
  remainingWait,
  shortenWait,
} from '../../src/account/budget.ts';

const now = 1_700_000_000_000;
const hour = 3_600_000;

/** So many failures in a row, each at the first moment at which one is possible. */
function failInARow(times: number): { budget: Budget; time: number; waits: number[] } {
  let budget = fullBudget;
  let time = now;
  const waits: number[] = [];
  for (let failure = 1; failure <= times; failure++) {
    budget = countFailure(budget, time);
    const wait = remainingWait(budget, time);
    waits.push(wait);
    time += wait;
  }
  return { budget, time, waits };
}

test('BF-09 the waits, in seconds: four free, 30 after the fifth, doubling to an hour', () => {
  const seconds = failInARow(14).waits.map((wait) => wait / 1_000);
  expect(seconds).toEqual([0, 0, 0, 0, 30, 60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600]);
});

test('BF-09 the authenticator is disabled by the 100th failure in a row, and stays so', () => {
  expect(disablesAuthenticator(failInARow(99).budget)).toBe(false);
  expect(disablesAuthenticator(failInARow(100).budget)).toBe(true);
  expect(disablesAuthenticator(failInARow(101).budget)).toBe(true);
});

test('a wait ends at its last millisecond, and not before', () => {
  const { budget } = failInARow(5);
  expect(remainingWait(budget, now)).toBe(30_000);
  expect(remainingWait(budget, now + 29_999)).toBe(1);
  expect(remainingWait(budget, now + 30_000)).toBe(0);
  expect(remainingWait(budget, now + 30_001)).toBe(0);
});

/** Somebody who tries without end: the pauses between the tries, in ms. */
const pauses = fc.array(fc.oneof(fc.constant(0), fc.nat(60_000), fc.nat(2 * hour)), { maxLength: 300 });

/** The tries that the budget lets through. */
function attack(gaps: readonly number[]): { at: number; wait: number }[] {
  const evaluated: { at: number; wait: number }[] = [];
  let budget = fullBudget;
  let time = now;
  for (const gap of gaps) {
    time += gap;
    if (remainingWait(budget, time) > 0) continue;
    budget = countFailure(budget, time);
    evaluated.push({ at: time, wait: remainingWait(budget, time) });
  }
  return evaluated;
}

test('however somebody tries, never more than five are free', () => {
  fc.assert(
    fc.property(pauses, (gaps) => {
      const sixth = attack(gaps)[5];
      const fifth = attack(gaps)[4];
      if (sixth && fifth) expect(sixth.at - fifth.at).toBeGreaterThanOrEqual(30_000);
      expect(attack(gaps.map(() => 0)).length).toBeLessThanOrEqual(5);
    }),
  );
});

test('however somebody tries, each wait is kept, none is shorter than the one before, none above an hour', () => {
  fc.assert(
    fc.property(pauses, (gaps) => {
      const evaluated = attack(gaps);
      for (const [index, { at, wait }] of evaluated.entries()) {
        const before = evaluated[index - 1];
        expect(wait).toBeLessThanOrEqual(hour);
        if (!before) continue;
        expect(at - before.at).toBeGreaterThanOrEqual(before.wait);
        expect(wait).toBeGreaterThanOrEqual(before.wait);
      }
    }),
  );
});

test('somebody who never rests has 34 guesses on the first day, and is at 100 within four', () => {
  const after = (guesses: number) => failInARow(guesses - 1).time - now;
  expect(after(34)).toBeLessThan(24 * hour);
  expect(after(35)).toBeGreaterThan(24 * hour);
  expect(after(100)).toBeLessThan(4 * 24 * hour);
});

const anyBudget: fc.Arbitrary<Budget> = fc.record({
  failures: fc.nat(1_000_000),
  waitUntil: fc.integer({ min: 0, max: now + 1_000_000 * hour }),
});
const anyTime = fc.integer({ min: 0, max: now + 1_000_000 * hour });

test('whatever is stored and whatever the clock says, a wait is a number from nothing to an hour', () => {
  fc.assert(
    fc.property(anyBudget, anyTime, (budget, time) => {
      const stored = remainingWait(budget, time);
      const after = remainingWait(countFailure(budget, time), time);
      for (const wait of [stored, after]) {
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(hour);
      }
      expect(countFailure(budget, time).failures).toBe(budget.failures + 1);
    }),
  );
});

test('whatever is stored, a wait that was looked at ends within an hour: also where the clock went back', () => {
  fc.assert(
    fc.property(anyBudget, anyTime, (budget, time) => {
      const shortened = shortenWait(budget, time);
      expect(remainingWait(shortened, time)).toBe(remainingWait(budget, time));
      expect(remainingWait(shortened, time + hour)).toBe(0);
      expect(shortened.failures).toBe(budget.failures);
    }),
  );
});

test('a wait of an hour or less is not touched: the same object, so that nothing is written', () => {
  for (const waitUntil of [0, now, now + 30_000, now + hour]) {
    const budget = { failures: 5, waitUntil };
    expect(shortenWait(budget, now)).toBe(budget);
  }
});

test('a failure leaves the budget that it was given as it was', () => {
  const before = Object.freeze({ failures: 7, waitUntil: now });
  expect(countFailure(before, now)).toEqual({ failures: 8, waitUntil: now + 240_000 });
  expect(before).toEqual({ failures: 7, waitUntil: now });
});
