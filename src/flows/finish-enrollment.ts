import type { Account, BackupCode } from '../account/account.ts';
import { fullBudget } from '../account/budget.ts';
import type { Proven } from '../account/judge.ts';
import { matchingStep, newTotp, totp } from '../account/totp.ts';
import { randomId } from '../crypto/random-id.ts';
import { isMfaError } from '../errors.ts';
import { countGuess, refuseDuringWait } from './count-guess.ts';
import { basisOf, type EnrollmentTicket, openTicket } from './enrollment-ticket.ts';
import { type Flow, tell } from './flow.ts';
import { hashBackupCodes, oneSetAtATime } from './hash-backup-codes.ts';
import { type Refusal, refuse } from './refusal.ts';
import { type Change, updateAccount } from './update-account.ts';

/** The authenticator and the backup codes are in force. */
export interface EnrollmentFinished {
  readonly ok: true;
  readonly epoch: string;
  /** The ones that `startEnrollment` gave, which work from now on. */
  readonly backupCodes: readonly string[];
}

/** For the session. */
interface EnrolledBy extends EnrollmentFinished {
  readonly proven: Proven;
}

type Outcome = EnrolledBy | Refusal;

/**
 * Puts an enrolment into force with its first code, which is used up by it like any other (RFC 6238 §5.2). A
 * wrong one counts: a stolen session in which somebody else's enrolment runs is one to guess in.
 */
export async function finishEnrollment(
  flow: Flow,
  input: { ticket: string; code: unknown },
): Promise<Outcome> {
  const code = typeof input.code === 'string' ? totp.read(input.code) : undefined;
  if (code === undefined) return refuse('VALIDATION_ERROR');
  const ticket = readTicket(flow, input.ticket);
  if (!ticket) return refuse('NO_PENDING_ENROLLMENT');

  return oneSetAtATime(flow, async () => {
    const lastStep = await updateAccount(flow, (account) => checkFirstCode(flow, account, ticket, code));
    if (typeof lastStep !== 'number') return lastStep;
    const backupCodes = await hashBackupCodes(flow, ticket.backupCodes);
    return updateAccount(flow, (account) => putIntoForce(flow, account, { ticket, lastStep, backupCodes }));
  });
}

function checkFirstCode(
  flow: Flow,
  account: Account,
  ticket: EnrollmentTicket,
  code: string,
): Change<number | Refusal> {
  if (basisOf(account) !== ticket.basis) return { account, result: refuse('NO_PENDING_ENROLLMENT') };
  const waiting = refuseDuringWait(flow, account);
  if (waiting) return waiting;
  const step = matchingStep(ticket.secret, code, flow.now());
  if (step === undefined) return countGuess(flow, account, { method: 'totp', errorType: 'INVALID_CODE' });
  return { account, result: step };
}

function putIntoForce(
  flow: Flow,
  account: Account,
  {
    ticket,
    lastStep,
    backupCodes,
  }: { ticket: EnrollmentTicket; lastStep: number; backupCodes: BackupCode[] },
): Change<Outcome> {
  if (basisOf(account) !== ticket.basis) return { account, result: refuse('NO_PENDING_ENROLLMENT') };
  const epoch = randomId();
  const added = newTotp(ticket.secret, { ...flow, now: flow.now(), lastStep });
  // In place of the lost one; what else there is stays.
  const others = account.authenticators.filter(({ kind }) => kind !== added.kind);
  return {
    account: {
      ...account,
      epoch,
      recordId: undefined,
      authenticators: [...others, added],
      backupCodes,
      budget: fullBudget,
      imported: undefined,
    },
    result: {
      ok: true,
      epoch,
      proven: { method: totp.method, amr: totp.amr, authenticatorId: added.id },
      backupCodes: ticket.backupCodes,
    },
    announce: () => tell(flow, 'enrollment.confirmed', {}),
  };
}

function readTicket(flow: Flow, sealed: string): EnrollmentTicket | undefined {
  try {
    return openTicket(flow, sealed);
  } catch (error) {
    if (isMfaError(error)) tell(flow, 'secret.unreadable', { what: 'secret', intended: flow.intended });
    throw error;
  }
}
