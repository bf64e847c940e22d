import type { IncomingMessage } from 'node:http';
import type { Request } from 'express';
import type { Session } from 'express-session';
import type { Deadline } from '../deadline.ts';
import { MfaConfigError, MfaError } from '../errors.ts';
import type { FlowSettings } from '../flows/flow.ts';
import { expireCookie } from './expire-cookie.ts';
import { fieldsOf } from './mfa-session.ts';

/** A request that came through express-session: Express's own, or the bare one of a socket's handshake. */
export type SessionRequest = Request;

/**
 * Takes a request for what the host says it is. Whether there is a session on it is checked where it is used.
 */
export function asSessionRequest(req: IncomingMessage): SessionRequest {
  return req as Request;
}

/**
 * @throws MfaError `session_unavailable` where there is none: not mounted, or its store is disconnected.
 * @throws MfaConfigError where it is no express-session, or one that must not be used in production.
 */
export function sessionOf(req: SessionRequest, production: boolean): Session {
  const session: Session | undefined = req.session;
  if (!session) throw new MfaError('session_unavailable');
  if (typeof session.regenerate !== 'function') {
    throw new MfaConfigError(
      'Use express-session: a session that lives in the cookie cannot be ended by the server.',
    );
  }
  if (production && req.sessionStore?.constructor.name === 'MemoryStore') {
    throw new MfaConfigError(
      'Give express-session a `store` (connect-redis, say): its MemoryStore is not for production.',
    );
  }
  return session;
}

/** A request whose session is looked after. */
interface SessionCall {
  readonly req: SessionRequest;
  readonly deadline: Deadline;
  readonly settings: { readonly flows: Pick<FlowSettings, 'reportFault' | 'silences'> };
}

/** Resolves once the session is in its store. */
export async function saveSession(call: SessionCall): Promise<void> {
  await storeCall(call, (done) => {
    const { session } = call.req;
    const { originalMaxAge } = session.cookie;
    // As express-session does before it saves: stores compute with `expires`, and not every one survives any value.
    session.touch();
    // It loses a millisecond now and then.
    session.cookie.originalMaxAge = originalMaxAge;
    session.save(done);
  });
}

/** Whether the store still has the session of this request: another one may have ended it meanwhile. */
export async function isStillStored(call: SessionCall): Promise<boolean> {
  const { sessionID, sessionStore } = call.req;
  return Boolean(await storeCall<unknown>(call, (done) => sessionStore.get(sessionID, done)));
}

/**
 * A new id and an empty session, at once. The old one is removed meanwhile: the returned promise says when,
 * and must be awaited before anything is answered. express-session's own `regenerate` does one after the
 * other, which is a round trip more, and goes on where the removal failed.
 */
export function replaceSession(call: SessionCall): Promise<void> {
  const { session, sessionStore } = call.req;
  const removed = storeCall<void>(call, (done) => sessionStore.destroy(session.id, done));
  // Whoever awaits it later hears of a failure; meanwhile it must not count as unhandled.
  removed.catch(() => undefined);
  sessionStore.generate(call.req);
  return removed;
}

/**
 * Removes the session from the request, from the store and then, by its cookie, from the browser: while the
 * store still has it, the person must be able to ask once more.
 */
export async function destroySession(call: SessionCall): Promise<void> {
  const { req } = call;
  const { sessionStore, session } = req;
  detachSession(req);
  await storeCall(call, (done) => sessionStore.destroy(session.id, done));
  expireCookie(req, { sessionID: session.id, cookie: session.cookie });
}

/** As {@link destroySession} after a failure: asks for it, and waits for nothing. */
export function discardSession(req: SessionRequest): void {
  const { session, sessionStore } = req;
  detachSession(req);
  settled((done) => sessionStore.destroy(session.id, done)).catch(() => undefined);
}

/**
 * Takes the session off the request: express-session then neither saves it, nor touches it, nor sets a
 * cookie when the answer ends. The id goes too, else `unset: 'destroy'` would ask a frozen store once more.
 */
export function detachSession(req: SessionRequest): void {
  Reflect.deleteProperty(req, 'session');
  Reflect.deleteProperty(req, 'sessionID');
}

/** The sessions that were made by a login or a step-up of the very request that they are on. */
const madeHere = new WeakSet<object>();

/** Whether the session was made, and so written, during this very request. */
export function wasMadeHere(session: Session): boolean {
  return madeHere.has(session);
}

/**
 * Lets the session stay on the request, for whoever still wants to read it, and be neither saved nor touched,
 * nor a cookie be set for it: express-session passes over a request without an id. One that was made during
 * this request (a remember-me middleware has called `startLogin`, say) still has its cookie to send.
 */
export function leaveSessionAlone(req: SessionRequest): void {
  const { session } = req;
  if (!session || madeHere.has(session)) return;
  Reflect.deleteProperty(req, 'sessionID');
  // express-session touches it all the same, and with a cookie that is damaged that throws.
  Reflect.defineProperty(session, 'touch', { value: () => session, configurable: true, writable: true });
}

/**
 * express-session takes a session with a new id for unsaved, and would write what we have just written once
 * more when the answer ends. Until something changes it, such a save is done already.
 */
export function skipSavingAgain(session: Session): void {
  madeHere.add(session);
  const save = session.save;
  let saved: string | undefined = snapshot(session);
  function saveIfChanged(this: Session, done?: (error: unknown) => void): Session {
    if (snapshot(this) !== saved) {
      // From now on the store holds something else, even if the session becomes again what it was.
      saved = undefined;
      return save.call(this, done);
    }
    done?.(undefined);
    return this;
  }
  Object.defineProperty(session, 'save', { value: saveIfChanged, configurable: true, writable: true });
}

function snapshot(session: Session): string {
  const { cookie, ...data } = fieldsOf(session);
  return JSON.stringify([session.cookie.originalMaxAge, data]);
}

type Done<T> = (error?: unknown, value?: T) => void;

/** @throws MfaError `session_failed` where the session store fails, `deadline_exceeded` where it is late. */
function storeCall<T>(
  { deadline, settings }: SessionCall,
  call: (done: Done<T>) => unknown,
): Promise<T | undefined> {
  return deadline.run(
    async () => {
      try {
        return await settled(call);
      } catch (cause) {
        const fault = new MfaError('session_failed', { cause });
        settings.flows.reportFault('session store', fault);
        throw fault;
      }
    },
    { what: 'The session store', silence: settings.flows.silences.session },
  );
}

/** A store may call back, throw at once, or give a promise that rejects: each of them is heard. */
function settled<T>(call: (done: Done<T>) => unknown): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const given = call((error, value) => (error ? reject(error) : resolve(value)));
    Promise.resolve(given).catch(reject);
  });
}
