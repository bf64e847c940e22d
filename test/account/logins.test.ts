import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Account, emptyAccount } from '../../src/account/account.ts';
import { isPending, isWithin, type LoginTicket, useUpLogin } from '../../src/account/logins.ts';

const now = 1_700_000_000_000;
const minute = 60_000;
const account: Account = { ...emptyAccount, epoch: 'the epoch' };
const ticket = (more: Partial<LoginTicket> = {}): LoginTicket => ({
  loginId: 'a login',
  startedAt: now,
  epoch: 'the epoch',
  ...more,
});

test('a login is pending for ten minutes, to the millisecond', () => {
  expect(isPending(account, ticket(), now)).toBe(true);
  expect(isPending(account, ticket(), now + 10 * minute - 1)).toBe(true);
  expect(isPending(account, ticket(), now + 10 * minute)).toBe(false);
});

test('a login that begins up to a minute from now comes from another clock; a later one has ended', () => {
  expect(isPending(account, ticket({ startedAt: now + minute }), now)).toBe(true);
  expect(isPending(account, ticket({ startedAt: now + minute + 1 }), now)).toBe(false);
});

test('a login of another epoch has ended', () => {
  expect(isPending(account, ticket({ epoch: 'an older epoch' }), now)).toBe(false);
  expect(isPending(account, ticket({ epoch: '' }), now)).toBe(false);
});

test('a login is completed once, and another one is not touched by it', () => {
  const after = useUpLogin(account, ticket(), now);
  expect(isPending(after, ticket(), now)).toBe(false);
  expect(isPending(after, ticket({ loginId: 'another login' }), now)).toBe(true);
  expect(account.used).toEqual([]);
});

test('a used login is kept for twenty minutes, and then makes room', () => {
  const after = useUpLogin(account, ticket(), now);
  expect(after.used).toEqual([{ id: 'a login', expiresAt: now + 20 * minute }]);

  const next = ticket({ loginId: 'next' });
  expect(useUpLogin(after, next, now + 20 * minute - 1).used.map(({ id }) => id)).toEqual([
    'a login',
    'next',
  ]);
  expect(useUpLogin(after, next, now + 20 * minute).used.map(({ id }) => id)).toEqual(['next']);
});

test('no clock of any machine revives a used login, as long as they differ by less than nine minutes', () => {
  const skew = fc.integer({ min: -4.5 * minute + 1, max: 4.5 * minute - 1 });
  const later = fc.array(fc.record({ after: fc.nat(15 * minute), skew }), { maxLength: 20 });
  fc.assert(
    fc.property(skew, fc.nat(12 * minute), later, (startSkew, usedAfter, events) => {
      const login = ticket({ startedAt: now + startSkew });
      let time = now + usedAfter;
      let present = useUpLogin(account, login, time);
      for (const [index, event] of events.entries()) {
        time += event.after;
        const clock = time + event.skew;
        expect(isPending(present, login, clock)).toBe(false);
        present = useUpLogin(present, ticket({ loginId: `other ${index}`, startedAt: clock }), clock);
      }
    }),
  );
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
  'a time of %p is within nothing',
  (time) => {
    expect(isWithin(time, Number.POSITIVE_INFINITY, now)).toBe(false);
    expect(isWithin(time, minute, now)).toBe(false);
  },
);
