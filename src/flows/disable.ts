import { randomId } from '../crypto/random-id.ts';
import { type Authority, changeFactors } from './change-factors.ts';
import { type Flow, tell } from './flow.ts';
import type { Refusal } from './refusal.ts';

/** The user has no second step any more. */
export interface Disabled {
  readonly ok: true;
  readonly epoch: string;
}

/** Removes every factor. A wait that is in force stays in force; logins and enrolments under way end. */
export function disable(flow: Flow, authority: Authority): Promise<Disabled | Refusal> {
  return changeFactors<Disabled>(flow, authority, {
    apply(account) {
      const epoch = randomId();
      return {
        account: { ...account, epoch, authenticators: [], backupCodes: [], imported: undefined },
        result: { ok: true, epoch },
        announce: () => tell(flow, 'mfa.disabled', {}),
      };
    },
  });
}
