import { fullBudget } from '../account/budget.ts';
import { stepsBehind, timeStep } from '../account/totp.ts';
import type { Flow } from './flow.ts';
import { updateAccount } from './update-account.ts';

/** Ends a wait, brings a disabled authenticator back, and forgets steps that lie in the future of this clock. */
export function unlock(flow: Flow): Promise<void> {
  return updateAccount(flow, (account) => {
    const { totp } = account;
    // Where the last step is not known either, nothing up to now is accepted.
    const lost = !Number.isFinite(totp?.lastStep) || stepsBehind(account, flow.now()) > 0;
    const readjusted = totp && lost ? { ...totp, lastStep: timeStep(flow.now()) } : totp;
    return { account: { ...account, budget: fullBudget, totp: readjusted }, result: undefined };
  });
}
