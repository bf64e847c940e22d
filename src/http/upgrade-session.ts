import { askHost } from '../ask-host.ts';
import { isMfaError, MfaConfigError, MfaError } from '../errors.ts';
import { type UserId, userKey } from '../user-id.ts';
import { type Call, userOfHost } from './call.ts';
import { report } from './fault.ts';
import { makeSessionInert } from './inert-session.ts';
import {
  type BesideLogin,
  fieldsOf,
  type LoggedIn,
  type PendingLogin,
  writeMfaSession,
} from './mfa-session.ts';
import { discardSession, replaceSession, saveSession, skipSavingAgain } from './session.ts';
import type { LoginDetails, SessionRenewal } from './settings.ts';

type HostData = Readonly<Record<string, unknown>>;

/** A new session for a guest whose first step is done; of the old one only what `preserveSession` names. */
export async function enterPending(call: Call, pending: PendingLogin): Promise<void> {
  const kept = preserved(call);
  await renew(call, 'log_in', async () => {
    Object.assign(call.req.session, kept);
    writeMfaSession(call.req.session, call.settings.sessionKey, pending);
  });
}

/** A new session in which the host has logged the user in. Gives what the host's `logIn` gave. */
export async function enterLogin(call: Call, login: LoggedIn, details: LoginDetails): Promise<HostData> {
  const { settings, req } = call;
  const kept = preserved(call);
  return renew(call, 'log_in', async () => {
    Object.assign(req.session, kept);
    // Where Passport logs in, it waits for the session store.
    const answer = await askHost(call.deadline, 'logIn', () => settings.logIn(req, login.userId, details));
    // Passport regenerates by itself: whatever the session is now, it gets what belongs in it.
    const now = fieldsOf(req.session);
    for (const [key, value] of Object.entries(kept)) now[key] ??= value;
    writeMfaSession(req.session, settings.sessionKey, login);
    await checkIdentity(call, login.userId);
    return requireJson(answer?.data ?? {});
  });
}

/** A new id for a session that is logged in already: all the rest, and the cookie's life, stay as they are. */
export async function renewLogin(
  call: Call,
  reason: SessionRenewal['reason'],
  login: (LoggedIn & BesideLogin) | BesideLogin,
): Promise<void> {
  const { req, session, settings } = call;
  const { cookie, ...data } = fieldsOf(session);
  const { originalMaxAge } = session.cookie;
  await renew(call, reason, async () => {
    Object.assign(req.session, data);
    req.session.cookie.originalMaxAge = originalMaxAge;
    writeMfaSession(req.session, settings.sessionKey, login);
  });
}

/**
 * The upgrade itself: a new id, `fill`, and both the removal of the old session and the saving of the new one
 * done before anything is told. Whatever fails, nobody is logged in: express-session would otherwise save
 * the half-made session when the response ends.
 */
async function renew<T>(call: Call, reason: SessionRenewal['reason'], fill: () => Promise<T>): Promise<T> {
  const { req } = call;
  const previousId = req.session.id;
  try {
    const removed = replaceSession(call);
    const result = await fill();
    const [removal, saving] = await Promise.allSettled([removed, saveSession(call)]);
    if (removal.status === 'rejected') throw removal.reason;
    if (saving.status === 'rejected') throw saving.reason;
    skipSavingAgain(req.session);
    await tellOfRenewal(call, { previousId, reason });
    return result;
  } catch (error) {
    if (req.session) discardSession(req);
    if (isMfaError(error) && error.code === 'deadline_exceeded') makeSessionInert(req);
    if (isMfaError(error) && error.code !== 'hook_failed') throw error;
    const cause = isMfaError(error) ? error.cause : error;
    report(call.settings, req, cause);
    throw new MfaError('session_failed', { cause });
  }
}

async function tellOfRenewal({ settings, req, deadline }: Call, renewal: SessionRenewal): Promise<void> {
  const { sessionRenewed } = settings;
  if (sessionRenewed) await askHost(deadline, 'sessionRenewed', () => sessionRenewed(req, renewal));
}

function preserved({ session, settings, mfa }: Call): Record<string, unknown> {
  const { cookie, ...old } = fieldsOf(session);
  const kept: Record<string, unknown> = {};
  const dropped: string[] = [];
  for (const key of Object.keys(old)) {
    if (settings.preserveSession.includes(key)) kept[key] = old[key];
    else if (isWorthATelling(key, old[key])) dropped.push(key);
  }
  // Of an earlier login nothing should survive; what a guest had collected, the host may want to keep.
  if (dropped.length > 0 && !mfa.login && !settings.production) {
    settings.warnOnce(
      'dropped session keys',
      `A login keeps only the session keys that \`preserveSession\` names; dropped: ${dropped.join(', ')}.`,
    );
  }
  return kept;
}

/** Not what the login itself makes anew, nor the secrets of CSRF middlewares, nor flash messages that were shown. */
function isWorthATelling(key: string, value: unknown): boolean {
  if (key === 'passport' || /^mfa(?::|$)/.test(key) || /[cx]srf/i.test(key)) return false;
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  return !(key === 'flash' && isEmpty);
}

async function checkIdentity(call: Call, userId: UserId): Promise<void> {
  const current = await userOfHost(call);
  if (current === undefined || userKey(current) !== userKey(userId)) {
    throw new MfaConfigError(
      'Let `logIn` log the user in such that `currentUserId` then names the same user.',
    );
  }
}

/** What cannot be told to the client fails now, and not when the user is logged in already. */
function requireJson(data: HostData): HostData {
  JSON.stringify(data);
  return data;
}
