import { remainingBackupCodes } from '../account/backup-codes.ts';
import type { Method } from '../account/factor.ts';
import { isTaken, readProof } from '../account/factors.ts';
import type { Proven } from '../account/judge.ts';
import { isPending, type LoginTicket, useUpLogin } from '../account/logins.ts';
import type { Flow } from './flow.ts';
import { createProver } from './prove.ts';
import { type Refusal, refuse } from './refusal.ts';
import { updateAccount } from './update-account.ts';

/** A second factor was proven. */
export interface Verified {
  readonly ok: true;
  readonly method: Method;
  /** The epoch under which it was proven. */
  readonly epoch: string;
  readonly backupCodesRemaining: number;
  /** How often it went wrong since the last success. */
  readonly failedAttempts: number;
}

/** For the session. */
interface VerifiedBy extends Verified {
  readonly proven: Proven;
}

/**
 * The second step. Everything is checked again in every round: the pending login, the budget, the proof.
 * What is written at once: the step or code is used, the budget is full, the login is used up.
 *
 * @param login the pending login to complete; without it the proof stands for itself (a step-up).
 */
export async function verify(
  flow: Flow,
  input: { code: unknown; login: LoginTicket | undefined },
): Promise<VerifiedBy | Refusal> {
  const proof = readProof(input.code);
  if (!proof) return refuse('VALIDATION_ERROR');
  const prover = createProver(flow, proof);
  const { login } = input;

  return updateAccount<VerifiedBy | Refusal>(flow, async (before) => {
    if (login && !isPending(before, login, flow.now())) {
      return { account: before, result: refuse('NO_PENDING_LOGIN') };
    }
    if (!isTaken(proof, before)) return { account: before, result: refuse('VALIDATION_ERROR') };
    const judgement = await prover.decide(before);
    const announce = () => prover.tell(judgement, before);
    const { outcome, method, amr, authenticatorId } = judgement;
    if (outcome !== 'accepted') {
      return { account: judgement.account, result: prover.refusal(judgement), announce };
    }
    const account = login ? useUpLogin(judgement.account, login, flow.now()) : judgement.account;
    const result: VerifiedBy = {
      ok: true,
      method,
      proven: { method, amr, authenticatorId },
      epoch: account.epoch,
      backupCodesRemaining: remainingBackupCodes(account, flow.keyRing),
      failedAttempts: before.budget.failures,
    };
    return { account, result, announce };
  });
}
