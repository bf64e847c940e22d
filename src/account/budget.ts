/** How often a user may still fail. Shared by all factors and the password checks of sensitive routes. */
export interface Budget {
  /** In a row: only a correct second factor sets it back to 0. */
  readonly failures: number;
  /** ms since the epoch; 0 for none. */
  readonly waitUntil: number;
}

/** No failures. */
export const fullBudget: Budget = { failures: 0, waitUntil: 0 };

const freeFailures = 5;
const firstWaitMs = 30_000;
const longestWaitMs = 3_600_000;
/** NIST SP 800-63B §5.2.2: no more than 100 consecutive failed attempts. */
const failuresThatDisable = 100;

/** One failure more. From the fifth on a wait begins: 30 s, doubling up to one hour. */
export function countFailure(budget: Budget, now: number): Budget {
  const failures = budget.failures + 1;
  const doublings = failures - freeFailures;
  if (doublings < 0) return { failures, waitUntil: budget.waitUntil };
  return { failures, waitUntil: now + Math.min(longestWaitMs, firstWaitMs * 2 ** doublings) };
}

/** What is left of the wait, in ms; 0 for none. At most an hour, should the clock have gone back. */
export function remainingWait(budget: Budget, now: number): number {
  return Math.min(longestWaitMs, Math.max(0, budget.waitUntil - now));
}

/** A wait that began by a clock which ran ahead, or went back since, ends within an hour like any other. */
export function shortenWait(budget: Budget, now: number): Budget {
  const latest = now + longestWaitMs;
  return budget.waitUntil > latest ? { ...budget, waitUntil: latest } : budget;
}

/** Whether so many failures came in a row that the authenticator answers nobody any more. */
export function disablesAuthenticator(budget: Budget): boolean {
  return budget.failures >= failuresThatDisable;
}
