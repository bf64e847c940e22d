import type { IncomingMessage } from 'node:http';
import { isMfaError } from '../errors.ts';
import { asSessionRequest } from './session.ts';
import type { HttpSettings } from './settings.ts';

/** What is thrown is either ours, and events have told of it, or the host's, and `onError` hears of it. */
export function errorTypeOfFault(
  settings: HttpSettings,
  req: IncomingMessage,
  error: unknown,
): 'UNAVAILABLE' | 'INTERNAL' {
  if (isMfaError(error)) return 'UNAVAILABLE';
  report(settings, req, error);
  return 'INTERNAL';
}

/** Tells the host of an error of its own. */
export function report(settings: HttpSettings, req: IncomingMessage, error: unknown): void {
  settings.onError(error, asSessionRequest(req));
}
