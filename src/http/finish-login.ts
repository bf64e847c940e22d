import type { IncomingMessage } from 'node:http';
import type { Method } from '../account/factor.ts';
import type { Proven } from '../account/judge.ts';
import { type ErrorType, statusOf } from '../error-types.ts';
import { type Refusal, refuse } from '../flows/refusal.ts';
import { type Verified, verify } from '../flows/verify.ts';
import type { UserId } from '../user-id.ts';
import { beginCall, type Call, currentUser, flowOf, loginOf } from './call.ts';
import { errorTypeOfFault } from './fault.ts';
import type { LoggedIn, PendingLogin } from './mfa-session.ts';
import { asSessionRequest, detachSession } from './session.ts';
import type { HttpSettings } from './settings.ts';
import { amrOf } from './start-login.ts';
import { enterLogin, renewLogin } from './upgrade-session.ts';

/** What is submitted for the second step, and where it leads: without it, where the login was on its way to. */
interface LoginProof {
  readonly code: unknown;
  /** A path of this site. */
  readonly returnTo?: string | undefined;
}

/** The second step was proven. */
export interface LoginFinished {
  readonly ok: true;
  /** As the host gave it. */
  readonly userId: UserId;
  readonly method: Method;
  readonly backupCodesRemaining: number;
  /** How often it went wrong since the last success. */
  readonly failedAttempts: number;
  /** What `logIn` gave; empty after a step-up, which does not call it. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly redirectTo: string;
}

/** The second step was not proven. */
export interface LoginRefused {
  readonly ok: false;
  /** The HTTP status that fits. */
  readonly status: number;
  readonly errorType: ErrorType;
  /** What is left of a wait, in whole seconds. */
  readonly retryAfter?: number | undefined;
}

/** The second step of a pending login, or of somebody who is logged in: see `MfaRouter.finishLogin`. */
export async function finishLogin(
  settings: HttpSettings,
  request: IncomingMessage,
  proof: LoginProof,
): Promise<LoginFinished | LoginRefused> {
  try {
    return await finishCall(beginCall(settings, request), proof);
  } catch (error) {
    const errorType = errorTypeOfFault(settings, request, error);
    // express-session would wait for a frozen store once more before the last byte.
    if (errorType === 'UNAVAILABLE') detachSession(asSessionRequest(request));
    return { ok: false, errorType, status: statusOf(errorType) };
  }
}

/** As {@link finishLogin}, in a call that has begun; faults are thrown. */
export async function finishCall(call: Call, proof: LoginProof): Promise<LoginFinished | LoginRefused> {
  const result = await finish(call, proof);
  if (result.ok) return result;
  // The session is of no use any more, and its cookie must not overwrite that of the click that won.
  if (result.errorType === 'NO_PENDING_LOGIN') detachSession(call.req);
  return { ...result, status: statusOf(result.errorType) };
}

async function finish(call: Call, proof: LoginProof): Promise<LoginFinished | Refusal> {
  const { pending } = call.mfa;
  if (pending === 'ended') return refuse('NO_PENDING_LOGIN');
  if (pending) return completeLogin(call, pending, proof);
  const userId = await currentUser(call);
  return userId === undefined ? refuse('NO_PENDING_LOGIN') : stepUp(call, userId, proof);
}

async function completeLogin(
  call: Call,
  pending: PendingLogin,
  { code, returnTo = pending.returnTo }: LoginProof,
): Promise<LoginFinished | Refusal> {
  const { pendingUserId: userId, via, carry, startedAt } = pending;
  const verified = await verify(flowOf(call, userId, 'complete login'), { code, login: pending });
  if (!verified.ok) return verified;
  const first = { userId, authenticatedAt: startedAt, amr: [amrOf(via)], proofs: [] };
  const login = verifiedLogin(call, first, verified);
  const data = await enterLogin(call, login, { via, carry });
  return finished(userId, verified, { data, redirectTo: returnTo ?? call.settings.homePath });
}

async function stepUp(
  call: Call,
  userId: UserId,
  { code, returnTo }: LoginProof,
): Promise<LoginFinished | Refusal> {
  const verified = await verify(flowOf(call, userId, 'step up'), { code, login: undefined });
  if (!verified.ok) return verified;
  const login = loginOf(call, userId);
  // A first step that was ended (by a log-out everywhere, say) does not become a recent one again.
  const authenticatedAt = login?.epoch === verified.epoch ? login.authenticatedAt : 0;
  const proofs = login?.epoch === verified.epoch ? login.proofs : [];
  const before = { userId, authenticatedAt, amr: login?.amr ?? [], proofs };
  const { enrollment, shownCodes } = call.mfa;
  await renewLogin(call, 'step_up', {
    ...verifiedLogin(call, before, verified),
    ...(enrollment && { enrollment }),
    ...(shownCodes && { shownCodes }),
  });
  return finished(userId, verified, { data: {}, redirectTo: returnTo ?? call.settings.homePath });
}

type Before = Pick<LoggedIn, 'userId' | 'authenticatedAt' | 'amr' | 'proofs'>;

/** A session in which a second factor was proven just now. */
export function verifiedLogin(
  { settings }: Call,
  { userId, authenticatedAt, amr, proofs }: Before,
  { proven, epoch }: { proven: Proven; epoch: string },
): LoggedIn {
  const { method, authenticatorId, amr: more } = proven;
  const proof = { method, authenticatorId, at: settings.flows.now() };
  return {
    userId,
    authenticatedAt,
    proofs: [...proofs.filter((other) => other.method !== method), proof],
    epoch,
    // RFC 8176: and more than one factor.
    amr: [...new Set([...amr, ...more, 'mfa'])],
  };
}

function finished(
  userId: UserId,
  { method, backupCodesRemaining, failedAttempts }: Verified,
  outcome: Pick<LoginFinished, 'data' | 'redirectTo'>,
): LoginFinished {
  return { ok: true, userId, method, backupCodesRemaining, failedAttempts, ...outcome };
}
