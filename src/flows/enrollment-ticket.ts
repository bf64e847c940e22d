import * as v from 'valibot';
import { isWithin } from '../account/logins.ts';
import { open, type SealScope, seal } from '../crypto/seal.ts';
import type { Flow } from './flow.ts';

/** How long an enrolment waits for its first code, in ms. */
export const enrollmentLifeMs = 600_000;

/** What is sealed between the start of an enrolment and its first code. */
export interface EnrollmentTicket {
  readonly secret: Buffer;
  readonly backupCodes: readonly string[];
  /** ms since the epoch. */
  readonly startedAt: number;
  /** The account's at the start: another security change meanwhile ends the enrolment. */
  readonly epoch: string;
}

const schema = v.object({
  secret: v.string(),
  backupCodes: v.array(v.string()),
  startedAt: v.number(),
  epoch: v.string(),
});

export function sealTicket(flow: Flow, ticket: EnrollmentTicket): string {
  const text = JSON.stringify({ ...ticket, secret: ticket.secret.toString('base64') });
  return seal(Buffer.from(text), ticketScope(flow));
}

/**
 * Undefined where the ticket is too old.
 *
 * @throws MfaError `secret_unreadable` where it is not a ticket of this user, or its key is gone.
 */
export function openTicket(flow: Flow, sealed: string): EnrollmentTicket | undefined {
  const ticket = v.parse(schema, JSON.parse(open(sealed, ticketScope(flow)).toString()));
  if (!isWithin(ticket.startedAt, enrollmentLifeMs, flow.now())) return undefined;
  return { ...ticket, secret: Buffer.from(ticket.secret, 'base64') };
}

function ticketScope({ keyRing, realm, user }: Flow): SealScope {
  return { keyRing, realm, user, purpose: 'enrollment' };
}
