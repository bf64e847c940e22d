import { encodeBase32, rfc4648 } from '../crypto/base32.ts';
import { authenticatorLink, type QrShape, qrShape } from './authenticator-link.ts';
import { basisOf, openTicket } from './enrollment-ticket.ts';
import type { Flow } from './flow.ts';
import { ifReadable } from './if-readable.ts';
import { loadAccount } from './update-account.ts';

/** What an authenticator app needs of an enrolment that waits for its first code. */
export interface RunningEnrollmentDetails {
  /** Base32. */
  readonly secret: string;
  readonly issuer: string;
  readonly accountName: string;
  readonly qr: QrShape;
}

/** Undefined where it has ended: too old, overtaken by another change of the account, or not readable. */
export async function runningEnrollment(
  flow: Flow,
  ticket: string,
): Promise<RunningEnrollmentDetails | undefined> {
  const opened = ifReadable(flow, () => openTicket(flow, ticket));
  if (!opened || opened.basis !== basisOf(await loadAccount(flow))) return undefined;
  const { issuer } = flow;
  const secret = encodeBase32(opened.secret, rfc4648);
  const { accountName, uri } = await authenticatorLink(flow, secret);
  return { secret, issuer, accountName, qr: qrShape(uri) };
}
