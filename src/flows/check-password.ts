import { countFailure, remainingWait } from '../account/budget.ts';
import { refuseWaiting } from '../account/factor.ts';
import { type Flow, tell } from './flow.ts';
import { tellOfDisabling } from './prove.ts';
import { type Refusal, refuse } from './refusal.ts';
import { updateAccount } from './update-account.ts';

/** What stands for the password: it was right, the user has none, or the host gave no way to ask. */
export interface PasswordChecked {
  readonly ok: true;
  readonly password: 'right' | 'none' | 'not_asked';
}

/**
 * Asks the host whether the password is right; a wrong one is a failure of the same budget. Where guesses
 * run in parallel, what counts is the budget *after* the check: beyond it every answer is a wait, right or not.
 */
export async function checkPassword(
  flow: Flow,
  password: string | undefined,
): Promise<PasswordChecked | Refusal> {
  const { verifyPassword } = flow;
  if (!verifyPassword) return { ok: true, password: 'not_asked' };
  const wait = await updateAccount(flow, (account) => ({
    account: refuseWaiting(account, flow.now()).account,
    result: remainingWait(account.budget, flow.now()),
  }));
  if (wait > 0) return refuse('TOO_MANY_ATTEMPTS', wait);

  const answer = await verifyPassword(flow.userId, password ?? '');
  if (answer === 'no_password') return { ok: true, password: 'none' };
  // Nothing was sent, so nothing was guessed.
  if (password === undefined) return refuse('INVALID_CREDENTIALS');

  return updateAccount<PasswordChecked | Refusal>(flow, (account) => {
    const wait = remainingWait(account.budget, flow.now());
    if (wait > 0) return { account, result: refuse('TOO_MANY_ATTEMPTS', wait) };
    if (answer === true) return { account, result: { ok: true, password: 'right' } };
    const failed = { ...account, budget: countFailure(account.budget, flow.now()) };
    return {
      account: failed,
      result: refuse('INVALID_CREDENTIALS'),
      announce() {
        tell(flow, 'challenge.failed', { method: 'password', reason: 'wrong' });
        tellOfDisabling(flow, account, failed);
      },
    };
  });
}
