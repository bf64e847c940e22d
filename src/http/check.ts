import type { IncomingMessage } from 'node:http';
import type { Method } from '../account/factor.ts';
import { isWithin, pendingLifeMs } from '../account/logins.ts';
import { createDeadline, type Deadline } from '../deadline.ts';
import { type ErrorType, statusOf } from '../error-types.ts';
import { MfaConfigError } from '../errors.ts';
import { type MfaStatus, status, waysToComplete } from '../flows/status.ts';
import type { UserId } from '../user-id.ts';
import { withoutPrototype } from '../without-prototype.ts';
import { beginCall, type Call, currentUser, flowOf, loginOf } from './call.ts';
import type { Denial } from './denial.ts';
import { errorTypeOfFault } from './fault.ts';
import { type LoggedIn, latestProof, type PendingLogin } from './mfa-session.ts';
import { asSessionRequest, leaveSessionAlone } from './session.ts';
import type { HttpSettings } from './settings.ts';

/** What the guard asks for. */
export interface GuardOptions {
  /** How long ago the second factor may have been proven, in ms; at least 30,000. Default: any time. */
  readonly maxAge?: number | undefined;
  /** What happens to a user without a second factor. Default: `'deny'`. */
  readonly unenrolled?: 'deny' | 'allow' | undefined;
}

/** Whether a request may pass, and as whom. */
export type CheckResult = { readonly ok: true; readonly userId: UserId } | Denial;

/** @throws MfaConfigError where they are wrong, when the guard is made and not at the first request. */
export function resolveGuardOptions(given: GuardOptions): Required<GuardOptions> {
  const known = ['maxAge', 'unenrolled'];
  const isObject = typeof given === 'object' && given !== null && !Array.isArray(given);
  if (!isObject || Object.keys(given).some((name) => !known.includes(name))) {
    throw new MfaConfigError('Ask the guard for nothing, or give it an object of `maxAge` and `unenrolled`.');
  }
  const { maxAge, unenrolled } = withoutPrototype(given);
  if (maxAge !== undefined && !(Number.isFinite(maxAge) && maxAge >= 30_000)) {
    throw new MfaConfigError('Give `maxAge` in milliseconds, at least 30000: a code is valid for that long.');
  }
  if (unenrolled !== undefined && unenrolled !== 'deny' && unenrolled !== 'allow') {
    throw new MfaConfigError("Set `unenrolled` to 'deny' or 'allow'.");
  }
  return { maxAge, unenrolled };
}

/** The guard's question, answered as a value: a fault is a denial too. */
export async function check(
  settings: HttpSettings,
  req: IncomingMessage,
  options: GuardOptions,
  deadline: Deadline = createDeadline(),
): Promise<CheckResult> {
  try {
    return await decide(beginCall(settings, req, deadline), options);
  } catch (error) {
    const errorType = errorTypeOfFault(settings, req, error);
    // Whoever answers: express-session would wait for a frozen store once more before the last byte.
    if (errorType === 'UNAVAILABLE') leaveSessionAlone(asSessionRequest(req));
    return deny(settings, errorType);
  }
}

async function decide(call: Call, options: GuardOptions): Promise<CheckResult> {
  const { settings, mfa } = call;
  const userId = await currentUser(call);
  if (mfa.pending) return denyPending(call, mfa.pending);
  if (userId === undefined) return deny(settings, 'UNAUTHENTICATED');

  const account = await status(flowOf(call, userId, 'guard'));
  const login = loginOf(call, userId);
  if (!account.enrolled) {
    if (options.unenrolled !== 'allow') return deny(settings, 'MFA_ENROLLMENT_REQUIRED');
    // A session of before a reset, or of before the second step was turned off: its time is over.
    if (login && login.epoch !== account.epoch) return deny(settings, 'UNAUTHENTICATED');
    return { ok: true, userId };
  }
  const proven = isProven(login, account, options.maxAge ?? Number.POSITIVE_INFINITY, settings.flows.now());
  return proven ? { ok: true, userId } : deny(settings, 'MFA_REQUIRED', { methods: account.methods });
}

/** Whether a second factor was proven under the account's present epoch, at most `maxAge` ms ago. */
export function isProven(
  login: LoggedIn | undefined,
  { epoch }: MfaStatus,
  maxAge: number,
  now: number,
): boolean {
  const proof = latestProof(login);
  return proof !== undefined && login?.epoch === epoch && isWithin(proof.at, maxAge, now);
}

/** The answer to a session whose second step is missing. */
export async function denyPending(call: Call, pending: PendingLogin | 'ended'): Promise<Denial> {
  const { settings } = call;
  if (pending === 'ended') return deny(settings, 'UNAUTHENTICATED');
  const ways = await waysToComplete(flowOf(call, pending.pendingUserId, 'guard'), pending);
  if (!ways) return deny(settings, 'UNAUTHENTICATED');
  return deny(settings, 'MFA_REQUIRED', {
    methods: ways.methods,
    expiresAt: pending.startedAt + pendingLifeMs,
  });
}

/** A denial, and where a browser can do something about it. */
export function deny(
  settings: HttpSettings,
  errorType: ErrorType,
  more: { methods?: readonly Method[]; expiresAt?: number } = {},
): Denial {
  const { methods = [], expiresAt } = withoutPrototype(more);
  return {
    ok: false,
    status: statusOf(errorType),
    errorType,
    redirectTo: wayOut(settings, errorType),
    methods,
    ...(expiresAt !== undefined && { expiresAt }),
  };
}

function wayOut(settings: HttpSettings, errorType: ErrorType): string {
  if (errorType === 'MFA_REQUIRED') return settings.challengePath;
  return errorType === 'MFA_ENROLLMENT_REQUIRED' ? settings.setupPath : settings.loginPath;
}
