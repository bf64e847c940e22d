import { randomId } from '../crypto/random-id.ts';
import { type Flow, tell } from './flow.ts';
import { updateAccount } from './update-account.ts';

/** A new epoch: what any session has proven so far counts no more. */
export function endSessions(flow: Flow, reason: 'asked' | 'logged_out_everywhere' = 'asked'): Promise<void> {
  return updateAccount(flow, (account) => ({
    account: { ...account, epoch: randomId() },
    result: undefined,
    announce: () => tell(flow, 'sessions.ended', { reason }),
  }));
}
