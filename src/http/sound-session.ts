import type { Session } from 'express-session';
import { detachSession, type SessionRequest, wasMadeHere } from './session.ts';

/**
 * Whether express-session can go on with this cookie. It touches each session when the answer ends; what is no
 * number makes that throw, and an answer whose end has thrown never ends.
 */
export function hasSoundCookie({ cookie }: Session): boolean {
  return Number.isFinite(cookie?.originalMaxAge ?? 0);
}

/**
 * Takes off the request what express-session would throw at when the answer ends. What it could read may still be
 * nested too deeply to be written, since the stack is fuller then; or the host has put into it what is no JSON.
 */
export function detachUnsoundSession(req: SessionRequest): void {
  const { session, sessionID } = req;
  if (!session || typeof sessionID !== 'string') return;
  // One that was written a moment ago can be.
  if (wasMadeHere(session)) return;
  if (!hasSoundCookie(session) || !canBeWritten(session)) detachSession(req);
}

/** How much deeper than here the stack may be where express-session writes the session, in levels of JSON. */
const levelsToSpare = 50;

function canBeWritten(session: Session): boolean {
  let value: unknown = session;
  for (let level = 0; level < levelsToSpare; level++) value = [value];
  try {
    // With a function, as express-session does it: that takes more of the stack.
    JSON.stringify(value, (_key, member) => member);
    return true;
  } catch {
    return false;
  }
}
