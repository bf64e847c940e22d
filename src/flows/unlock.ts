import { fullBudget } from '../account/budget.ts';
import { timeStep } from '../account/totp.ts';
import type { Flow } from './flow.ts';
import { updateAccount } from './update-account.ts';

/** Ends a wait, brings a disabled authenticator back, and forgets steps that lie in the future of this clock. */
export function unlock(flow: Flow): Promise<void> {
  return updateAccount(flow, (account) => {
    const { totp } = account;
    const present = timeStep(flow.now());
    // Also where it is not known: then nothing up to now is accepted.
    const readjusted = totp && { ...totp, lastStep: totp.lastStep < present ? totp.lastStep : present };
    return { account: { ...account, budget: fullBudget, totp: readjusted }, result: undefined };
  });
}
