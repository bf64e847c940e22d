import type { Account } from '../account/account.ts';
import { areBackupCodesLow, remainingBackupCodes } from '../account/backup-codes.ts';
import { disablesAuthenticator, remainingWait } from '../account/budget.ts';
import type { ProofContext } from '../account/factor.ts';
import { canBeDisabled, type Proof } from '../account/factors.ts';
import { type Judgement, judge } from '../account/judge.ts';
import { stepsBehind } from '../account/totp.ts';
import { slowCompare } from '../crypto/slow-hash.ts';
import { type Flow, tell } from './flow.ts';
import { hashing } from './hashing.ts';
import { occasionOf } from './occasion.ts';
import { type Refusal, refuse } from './refusal.ts';

/** Puts one proof to the rules, as often as a contended write makes necessary. */
export interface Prover {
  decide(account: Account): Promise<Judgement>;
  /** The refusal that belongs to what is not `accepted`. */
  refusal(judgement: Judgement): Refusal;
  /** Emits what it means, once it is written. */
  tell(judgement: Judgement, before: Account): void;
}

export function createProver(flow: Flow, proof: Proof): Prover {
  const { keyRing, realm, user } = flow;
  const compared = new Map<string, boolean>();

  async function compare(text: string, hash: string): Promise<boolean> {
    const result = compared.get(hash) ?? (await hashing(flow, () => slowCompare(text, hash)));
    compared.set(hash, result);
    return result;
  }
  const hasMatched = () => [...compared.values()].includes(true);

  return {
    decide(account) {
      const context: ProofContext = { now: flow.now(), keyRing, realm, user, compare, hasMatched };
      return judge(account, proof, context);
    },

    refusal({ outcome, account }) {
      // One answer for wrong, replayed and disabled. It does not tell which; a series does, by the waits, and so may the time.
      if (outcome !== 'waiting') return refuse('INVALID_CODE');
      return refuse('TOO_MANY_ATTEMPTS', remainingWait(account.budget, flow.now()));
    },

    tell({ outcome, account, method }, before) {
      if (outcome !== 'accepted') {
        tell(flow, 'challenge.failed', { method, reason: outcome, during: occasionOf(flow) });
        tellOfDisabling(flow, before, account);
        const steps = stepsBehind(account, flow.now());
        if (steps > 0) tell(flow, 'clock.behind', { steps });
        return;
      }
      tell(flow, 'challenge.succeeded', { method });
      if (account.backupCodes.length === before.backupCodes.length) return;
      const remaining = remainingBackupCodes(account, keyRing);
      tell(flow, 'backup_code.used', { remaining });
      if (areBackupCodesLow(remaining)) tell(flow, 'backup_codes.low', { remaining });
    },
  };
}

/** Emits that this failure was the one too many. */
export function tellOfDisabling(flow: Flow, before: Account, after: Account): void {
  if (!canBeDisabled(after) || disablesAuthenticator(before.budget)) return;
  if (!disablesAuthenticator(after.budget)) return;
  tell(flow, 'factor.disabled_by_failures', { failures: after.budget.failures });
}
