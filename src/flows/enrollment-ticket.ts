import * as v from 'valibot';
import type { Account } from '../account/account.ts';
import { isWithin } from '../account/logins.ts';
import { ownObject } from '../without-prototype.ts';
import type { Flow } from './flow.ts';
import { openValue, sealValue } from './sealed-value.ts';

const purpose = 'enrollment';

/** How long an enrolment waits for its first code, in ms. */
export const enrollmentLifeMs = 600_000;

/** What is sealed between the start of an enrolment and its first code. */
export interface EnrollmentTicket {
  readonly secret: Buffer;
  readonly backupCodes: readonly string[];
  /** ms since the epoch. */
  readonly startedAt: number;
  /** What {@link basisOf} gave at the start: another security change meanwhile ends the enrolment. */
  readonly basis: string;
}

const schema = ownObject({
  secret: v.string(),
  backupCodes: v.array(v.string()),
  startedAt: v.number(),
  epoch: v.string(),
});

/**
 * What an enrolment builds upon: the account's epoch or, before there is one, the record itself. Empty where there is
 * no record: on that nothing can be built, since after `deleteUser` it would be the same again.
 */
export function basisOf({ epoch, recordId = '' }: Account): string {
  return epoch || recordId;
}

export function sealTicket(flow: Flow, { secret, basis, ...ticket }: EnrollmentTicket): string {
  return sealValue(flow, purpose, { ...ticket, secret: secret.toString('base64'), epoch: basis });
}

/**
 * Undefined where the ticket is too old, or of a release that let an enrolment build upon nothing.
 *
 * @throws MfaError `secret_unreadable` where it is not a ticket of this user and release, or its key is gone.
 */
export function openTicket(flow: Flow, sealed: unknown): EnrollmentTicket | undefined {
  const { secret, backupCodes, startedAt, epoch: basis } = openValue(flow, purpose, { sealed, schema });
  if (basis === '' || !isWithin(startedAt, enrollmentLifeMs, flow.now())) return undefined;
  return { secret: Buffer.from(secret, 'base64'), backupCodes, startedAt, basis };
}
