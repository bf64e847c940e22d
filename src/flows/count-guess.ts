import type { Account } from '../account/account.ts';
import { countFailure, remainingWait } from '../account/budget.ts';
import { withShortWait } from '../account/judge.ts';
import { type Flow, tell } from './flow.ts';
import { occasionOf } from './occasion.ts';
import { tellOfDisabling } from './prove.ts';
import { type Refusal, type RefusalType, refuse } from './refusal.ts';
import type { Change } from './update-account.ts';

/** The refusal of anything that can be guessed while a wait is in force; undefined where there is none. */
export function refuseDuringWait(flow: Flow, account: Account): Change<Refusal> | undefined {
  const wait = remainingWait(account.budget, flow.now());
  if (wait === 0) return undefined;
  return {
    account: withShortWait(account, flow.now()),
    result: refuse('TOO_MANY_ATTEMPTS', wait),
  };
}

/** A wrong guess at something that is no factor of the account: it counts in the same budget. */
export function countGuess(
  flow: Flow,
  account: Account,
  { method, errorType }: { method: string; errorType: RefusalType },
): Change<Refusal> {
  const failed = { ...account, budget: countFailure(account.budget, flow.now()) };
  return {
    account: failed,
    result: refuse(errorType),
    announce() {
      tell(flow, 'challenge.failed', { method, reason: 'wrong', during: occasionOf(flow) });
      tellOfDisabling(flow, account, failed);
    },
  };
}
