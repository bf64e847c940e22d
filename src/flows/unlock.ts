import type { Authenticator } from '../account/authenticator.ts';
import { fullBudget } from '../account/budget.ts';
import { stepsBehind, timeStep, totp, totpState } from '../account/totp.ts';
import type { Flow } from './flow.ts';
import { updateAccount } from './update-account.ts';

/** Ends a wait, brings a disabled authenticator back, and forgets steps that lie in the future of this clock. */
export function unlock(flow: Flow): Promise<void> {
  return updateAccount(flow, (account) => {
    const authenticators = account.authenticators.map((authenticator) =>
      authenticator.kind === totp.method ? readjusted(authenticator, flow.now()) : authenticator,
    );
    return { account: { ...account, budget: fullBudget, authenticators }, result: undefined };
  });
}

/** Where the last step is not known, or lies ahead, nothing up to now is accepted. */
function readjusted(authenticator: Authenticator, now: number): Authenticator {
  const isKnown = Number.isFinite(totpState(authenticator).lastStep);
  if (isKnown && stepsBehind({ authenticators: [authenticator] }, now) === 0) return authenticator;
  return { ...authenticator, lastStep: timeStep(now) };
}
