import { askHost } from '../ask-host.ts';
import { countGuess, refuseDuringWait } from './count-guess.ts';
import type { Flow } from './flow.ts';
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
  const waiting = await updateAccount<Refusal | undefined>(
    flow,
    (account) => refuseDuringWait(flow, account) ?? { account, result: undefined },
  );
  if (waiting) return waiting;

  const answer = await askHost(flow.deadline, 'verifyPassword', () =>
    verifyPassword(flow.userId, password ?? ''),
  );
  if (answer === 'no_password') return { ok: true, password: 'none' };
  // Nothing was sent, so nothing was guessed.
  if (password === undefined) return refuse('INVALID_CREDENTIALS');

  return updateAccount<PasswordChecked | Refusal>(flow, (account) => {
    const waiting = refuseDuringWait(flow, account);
    if (waiting) return waiting;
    if (answer === true) return { account, result: { ok: true, password: 'right' } };
    return countGuess(flow, account, { method: 'password', errorType: 'INVALID_CREDENTIALS' });
  });
}
