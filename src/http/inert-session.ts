import type { SessionRequest } from './session.ts';

/**
 * Gives the request a session that does nothing, for good. A `logIn` that comes too late still runs on: it
 * must neither fail on a session that is gone, which would end the process, nor make a new one, for which an
 * answer of the host would then set a cookie.
 */
export function makeSessionInert(req: SessionRequest): void {
  const session = inertSession();
  Object.defineProperty(req, 'session', { get: () => session, set: () => undefined });
  Object.defineProperty(req, 'sessionID', { get: () => undefined, set: () => undefined });
}

function inertSession(): object {
  type Done = ((error: unknown) => void) | undefined;
  const tooLate = (done: Done) => done?.(new Error('The request was answered: this login came too late.'));
  return { regenerate: tooLate, save: tooLate, destroy: tooLate, reload: tooLate, touch: () => undefined };
}
