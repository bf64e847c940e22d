import type { IncomingMessage } from 'node:http';
import type { Session } from 'express-session';
import { askHost } from '../ask-host.ts';
import { createDeadline, type Deadline } from '../deadline.ts';
import { MfaError } from '../errors.ts';
import { beginFlow, type Caller, type Flow } from '../flows/flow.ts';
import { type UserId, userKey } from '../user-id.ts';
import { headerOf } from './header.ts';
import { type LoggedIn, type MfaSession, readMfaSession } from './mfa-session.ts';
import { asSessionRequest, type SessionRequest, sessionOf } from './session.ts';
import type { HttpSettings } from './settings.ts';
import { hasSoundCookie } from './sound-session.ts';

/** One request: its session as it was read, and its deadline. */
export interface Call extends Caller {
  readonly settings: HttpSettings;
  readonly req: SessionRequest;
  readonly session: Session;
  readonly mfa: MfaSession;
}

/**
 * @param deadline where something else of the same request runs under it, too.
 * @throws MfaError or MfaConfigError where there is no session to work with.
 */
export function beginCall(settings: HttpSettings, request: IncomingMessage, deadline?: Deadline): Call {
  const call = beginLastCall(settings, request, deadline);
  if (hasSoundCookie(call.session)) return call;
  const fault = new MfaError('session_failed', {
    cause: new TypeError('`cookie.originalMaxAge` of the stored session is no number.'),
  });
  settings.flows.reportFault('session', fault);
  throw fault;
}

/**
 * As {@link beginCall}, for what leaves nothing of the session: a damaged one can still be ended, or replaced by
 * another login.
 */
export function beginLastCall(
  settings: HttpSettings,
  request: IncomingMessage,
  deadline: Deadline = createDeadline(),
): Call {
  const req = asSessionRequest(request);
  const session = sessionOf(req, settings.production);
  const mfa = readMfaSession(session, settings.sessionKey);
  const ip = req.method === 'GET' ? undefined : addressOf(req);
  const source = () => ({ ip: ip ?? addressOf(req), userAgent: req.headers && headerOf(req, 'user-agent') });
  return { settings, req, session, mfa, deadline, source };
}

/** Read at the start of what changes something: when that is told, the client may be gone, and its address with it. */
function addressOf(req: SessionRequest): string | undefined {
  try {
    return req.ip ?? req.socket?.remoteAddress;
  } catch {
    return undefined;
  }
}

/** A flow of this request's. */
export function flowOf(call: Call, userId: UserId, intended: string): Flow {
  return beginFlow(call.settings.flows, userId, intended, call);
}

/** The user whom the app itself takes for logged in. With a pending login that is nobody, whatever it says. */
export async function currentUser(call: Call): Promise<UserId | undefined> {
  const { settings, mfa } = call;
  const userId = await userOfHost(call);
  if (!mfa.pending) return userId;
  if (userId !== undefined) {
    settings.warnOnce(
      'user id while pending',
      'The app took a user for logged in whose second step is missing: let `startLogin` do what follows the password.',
    );
  }
  return undefined;
}

/** Whom the app says is logged in. */
export async function userOfHost({ settings, req, deadline }: Call): Promise<UserId | undefined> {
  return (await askHost(deadline, 'currentUserId', () => settings.currentUserId(req))) ?? undefined;
}

/** What was proven in this session, if it was by this user. */
export function loginOf({ mfa }: Call, userId: UserId): LoggedIn | undefined {
  return mfa.login && userKey(mfa.login.userId) === userKey(userId) ? mfa.login : undefined;
}
