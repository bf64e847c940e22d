import type { Account } from '../account/account.ts';
import { isEnrolled, isTaken, readProof } from '../account/factors.ts';
import { withoutPrototype } from '../without-prototype.ts';
import type { Flow } from './flow.ts';
import { createProver } from './prove.ts';
import { type Refusal, refuse } from './refusal.ts';
import { type Change, updateAccount } from './update-account.ts';

/**
 * By what right a factor is changed: a code that comes with the request, or a second factor that the
 * session proved under `epoch` a moment ago; neither where the host itself asks. A code that is sent is
 * always checked.
 */
export interface Authority {
  readonly code?: unknown;
  readonly epoch?: string | undefined;
}

/** What is to be done, once the authority is established. */
interface FactorChange<T> {
  /** A reason not to, found before a code is looked at and so without using it up. */
  readonly refusal?: (account: Account) => Refusal | undefined;
  /** The change of an account in which the proof is already used up. */
  readonly apply: (account: Account) => Change<T> | Promise<Change<T>>;
}

/** A change of factors that checks its authority and happens in one and the same conditional write. */
export async function changeFactors<T>(
  flow: Flow,
  authority: Authority,
  change: FactorChange<T>,
): Promise<T | Refusal> {
  const { code, epoch } = withoutPrototype(authority);
  const { refusal: refusalOf } = withoutPrototype(change);
  const proof = code === undefined ? undefined : readProof(code);
  if (code !== undefined && !proof) return refuse('VALIDATION_ERROR');
  const prover = proof && createProver(flow, proof);

  return updateAccount<T | Refusal>(flow, async (account) => {
    if (proof && !isTaken(proof, account)) return { account, result: refuse('VALIDATION_ERROR') };
    if (!isEnrolled(account)) return { account, result: refuse('NOT_ENROLLED') };
    if (!prover && epoch !== undefined && epoch !== account.epoch)
      return { account, result: refuse('MFA_REQUIRED') };
    const refusal = refusalOf?.(account);
    if (refusal) return { account, result: refusal };
    if (!prover) return change.apply(account);

    const decision = await prover.decide(account);
    const announce = () => prover.tell(decision, account);
    if (decision.outcome !== 'accepted')
      return { account: decision.account, result: prover.refusal(decision), announce };
    const applied = await change.apply(decision.account);
    return {
      ...applied,
      announce() {
        announce();
        withoutPrototype(applied).announce?.();
      },
    };
  });
}
