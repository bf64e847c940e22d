import { randomBytes } from 'node:crypto';
import { newBackupCodes } from '../account/backup-codes.ts';
import { isEnrolled } from '../account/factors.ts';
import { encodeBase32, rfc4648 } from '../crypto/base32.ts';
import { randomId } from '../crypto/random-id.ts';
import { authenticatorLink, qrCode } from './authenticator-link.ts';
import { basisOf, enrollmentLifeMs, sealTicket } from './enrollment-ticket.ts';
import { type Flow, tell } from './flow.ts';
import { type Refusal, refuse } from './refusal.ts';
import { updateAccount } from './update-account.ts';

/** RFC 4226 §4 R6 recommends 160 bits. */
const secretBytes = 20;

/** An enrolment that waits for its first code. The store knows no more than that there is a record. */
export interface EnrollmentStarted {
  readonly ok: true;
  /** Sealed; what `finishEnrollment` needs. Keep it where this user cannot swap it for an older one. */
  readonly ticket: string;
  /** Base32, 32 characters. */
  readonly secret: string;
  /** `otpauth://`, for the authenticator app. */
  readonly provisioningUri: string;
  /** {@link provisioningUri} as an SVG data URI. */
  readonly qrCode: string;
  /** Shown here and never again. */
  readonly backupCodes: readonly string[];
  /** ms since the epoch. */
  readonly expiresAt: number;
}

/**
 * @param replaceUnder the epoch under which the user has just proven a backup code, which allows a new
 * authenticator in place of a lost one.
 */
export async function startEnrollment(
  flow: Flow,
  replaceUnder?: string,
): Promise<EnrollmentStarted | Refusal> {
  const basis = await findBasis(flow, replaceUnder);
  if (typeof basis !== 'string') return basis;
  const secret = randomBytes(secretBytes);
  const shown = encodeBase32(secret, rfc4648);
  const { uri } = await authenticatorLink(flow, shown);
  const backupCodes = newBackupCodes(randomBytes);
  const startedAt = flow.now();
  tell(flow, 'enrollment.started', {});
  return {
    ok: true,
    ticket: sealTicket(flow, { secret, backupCodes, startedAt, basis }),
    secret: shown,
    provisioningUri: uri,
    qrCode: qrCode(uri),
    backupCodes,
    expiresAt: startedAt + enrollmentLifeMs,
  };
}

/** Of a user about whom nothing is stored a record is made, which says nothing but that it is there. */
function findBasis(flow: Flow, replaceUnder: string | undefined): Promise<string | Refusal> {
  return updateAccount<string | Refusal>(flow, (account) => {
    if (isEnrolled(account) && account.epoch !== replaceUnder) return { account, result: refuse('CONFLICT') };
    const founded = basisOf(account) === '' ? { ...account, recordId: randomId() } : account;
    return { account: founded, result: basisOf(founded) };
  });
}
