import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import { lengthPrefixed } from '../crypto/length-prefixed.ts';
import type { Call } from './call.ts';

/**
 * What a form has to send, besides coming from this site: an HMAC of the session's id, so nothing has to be
 * kept, and with the next session id it is over.
 */
export function formToken(call: Call): string {
  return tokenBy(call.settings.flows.keyRing.newest.forms, call).toString('base64url');
}

/** Whether `token` is of this session, by any of the keys: a page may have been open while they were changed. */
export function isFormToken(call: Call, token: unknown): boolean {
  if (typeof token !== 'string') return false;
  const given = Buffer.from(token, 'base64url');
  return call.settings.flows.keyRing.all.some(({ forms }) => {
    const expected = tokenBy(forms, call);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

function tokenBy(key: KeyObject, { settings, session }: Call): Buffer {
  return createHmac('sha256', key).update(lengthPrefixed(settings.sessionKey, session.id)).digest();
}
