import type { IncomingMessage } from 'node:http';
import { isMfaError } from '../errors.ts';
import { asSessionRequest } from './session.ts';
import type { HttpSettings } from './settings.ts';

/**
 * What is thrown is either ours, or the host's; `onError` hears of both. Of ours it hears once a minute, since an
 * outage fails every request.
 */
export function errorTypeOfFault(
  settings: HttpSettings,
  req: IncomingMessage,
  error: unknown,
): 'UNAVAILABLE' | 'INTERNAL' {
  if (isMfaError(error) && error.code !== 'hook_failed') {
    reportFault(settings, error);
    return 'UNAVAILABLE';
  }
  report(settings, req, isMfaError(error) ? error.cause : error);
  return 'INTERNAL';
}

/** Tells the host of an error of its own. */
export function report(settings: HttpSettings, req: IncomingMessage, error: unknown): void {
  settings.onError(error, asSessionRequest(req));
}

/** Tells of what nobody else does: that there is no session, or who was late. Stores are told of where they fail. */
export function reportFault({ flows }: HttpSettings, error: unknown): void {
  if (!isMfaError(error)) return;
  if (error.code === 'session_unavailable') flows.reportFault('session', error);
  // Several may be late, each a kind of its own; what they are called is ours.
  if (error.code === 'deadline_exceeded') flows.reportFault(String(error.cause), error);
}
