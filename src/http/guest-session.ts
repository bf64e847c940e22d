import type { Session } from 'express-session';
import { fieldsOf } from './mfa-session.ts';
import type { SessionRequest } from './session.ts';

/**
 * A new session for a request whose own was removed: with a new id, and nothing in it. It is saved, and its cookie
 * set, only once something was put into it. That holds with `saveUninitialized`, too: a guest who comes back gets
 * a session at the next request.
 */
export function beginGuestSession(req: SessionRequest): void {
  req.sessionStore.generate(req);
  const { session } = req;
  // express-session takes every new id for a change, and passes over a request without an id.
  Object.defineProperty(req, 'sessionID', {
    get: () => (isEmpty(session) ? undefined : session.id),
    set: (id: unknown) => assignId(req, id),
    configurable: true,
    enumerable: true,
  });
  // Stores are asked to remove what the request has as its id, and some refuse to remove nothing.
  const { regenerate } = session;
  Object.defineProperty(session, 'regenerate', {
    value(this: Session, done: (error: unknown) => void): Session {
      assignId(req, session.id);
      return regenerate.call(this, done);
    },
    configurable: true,
    writable: true,
  });
}

/** From now on an id like any other: another session has been made for the request, or is about to be. */
function assignId(req: SessionRequest, id: unknown): void {
  Object.defineProperty(req, 'sessionID', {
    value: id,
    configurable: true,
    enumerable: true,
    writable: true,
  });
}

/** The cookie says nothing of a guest; express-session, too, does not save for its sake. */
function isEmpty(session: Session): boolean {
  const { cookie, ...data } = fieldsOf(session);
  return Object.values(data).every((value) => value === undefined);
}
