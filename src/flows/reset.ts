import { emptyAccount } from '../account/account.ts';
import { randomId } from '../crypto/random-id.ts';
import { type Flow, tell } from './flow.ts';
import { updateAccount } from './update-account.ts';

/** Removes every factor and ends every session that was verified; works on a record that cannot be read. */
export function reset(flow: Flow): Promise<void> {
  const afresh = () => ({
    account: { ...emptyAccount, epoch: randomId() },
    result: undefined,
    announce() {
      tell(flow, 'mfa.reset', {});
      tell(flow, 'sessions.ended', { reason: 'reset' });
    },
  });
  return updateAccount(flow, afresh, { missing: emptyAccount, unreadable: emptyAccount });
}
