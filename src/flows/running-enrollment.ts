import { encodeBase32, rfc4648 } from '../crypto/base32.ts';
import { authenticatorLink, type QrShape, qrShape } from './authenticator-link.ts';
import { openTicket } from './enrollment-ticket.ts';
import type { Flow } from './flow.ts';
import { ifReadable } from './if-readable.ts';

/** What an authenticator app needs of an enrolment that waits for its first code. */
export interface RunningEnrollmentDetails {
  /** Base32. */
  readonly secret: string;
  readonly issuer: string;
  readonly accountName: string;
  readonly qr: QrShape;
}

/** Undefined where it has ended: too old, begun under another epoch than the account's, or not readable. */
export async function runningEnrollment(
  flow: Flow,
  { ticket, epoch }: { ticket: string; epoch: string },
): Promise<RunningEnrollmentDetails | undefined> {
  const opened = ifReadable(flow, () => openTicket(flow, ticket));
  if (opened?.epoch !== epoch) return undefined;
  const { issuer } = flow;
  const secret = encodeBase32(opened.secret, rfc4648);
  const { accountName, uri } = await authenticatorLink(flow, secret);
  return { secret, issuer, accountName, qr: qrShape(uri) };
}
