import type { Account } from './account.ts';

/** How long the second step may take after the first, in ms, however often the session is touched. */
export const pendingLifeMs = 600_000;
/** How far in the future a stored time may lie before it counts as expired, in ms. */
const clockToleranceMs = 60_000;

/** What a session keeps of a login whose first step is done. */
export interface LoginTicket {
  /** Random: a login is completed once. */
  readonly loginId: string;
  /** ms since the epoch. */
  readonly startedAt: number;
  /** The account's at that time. */
  readonly epoch: string;
}

/** Whether `login` may still be completed: fresh, of the account's present epoch, not used up. */
export function isPending(account: Account, login: LoginTicket, now: number): boolean {
  return (
    isWithin(login.startedAt, pendingLifeMs, now) &&
    login.epoch === account.epoch &&
    !account.used.some(({ id }) => id === login.loginId)
  );
}

/** The account after `login` was completed. Kept twice a pending life, so that no clock difference revives it. */
export function useUpLogin(account: Account, login: LoginTicket, now: number): Account {
  const stillNeeded = account.used.filter(({ expiresAt }) => expiresAt > now);
  const used = { id: login.loginId, expiresAt: now + 2 * pendingLifeMs };
  return { ...account, used: [...stillNeeded, used] };
}

/** Whether `time` is at most `life` ms ago, and not more than a minute in the future. */
export function isWithin(time: number, life: number, now: number): boolean {
  return now - time < life && time - now <= clockToleranceMs;
}
