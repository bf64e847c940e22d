import { type NewSet, sealShownCodes } from '../flows/shown-codes.ts';
import type { UserId } from '../user-id.ts';
import { answersHtml } from './answers-html.ts';
import { type Call, flowOf } from './call.ts';
import { type BesideLogin, type LoggedIn, writeMfaSession } from './mfa-session.ts';
import { isStillStored, saveSession } from './session.ts';
import { renewLogin } from './upgrade-session.ts';

/**
 * New backup codes for the session, where a page is going to show them; a JSON answer has told them itself.
 *
 * @param untold whether nothing has told them yet, whatever this request is answered with.
 */
export function toBeShown(call: Call, userId: UserId, made: NewSet, untold = false): BesideLogin {
  if (!untold && !answersHtml(call.settings, call.req)) return {};
  const sealed = sealShownCodes(flowOf(call, userId, 'show backup codes'), made);
  return { shownCodes: { userId, sealed } };
}

/**
 * As {@link toBeShown}, into the session as it is. False where that was removed meanwhile: making the codes takes
 * long enough to log out, and to save a session that is gone would bring it back.
 */
export async function keepToBeShown(call: Call, userId: UserId, made: NewSet): Promise<boolean> {
  const shown = toBeShown(call, userId, made);
  if (!shown.shownCodes) return true;
  if (!(await isStillStored(call))) return false;
  writeMfaSession(call.session, call.settings.sessionKey, { ...withoutShown(call), ...shown });
  await saveSession(call);
  return true;
}

/**
 * Once somebody has saved them, this session shows them no more. The new session id is for the browser: a change of the
 * cookie is what makes Chromium drop the page, which the back button would show from memory else.
 */
export function forgetShown(call: Call): Promise<void> {
  return renewLogin(call, 'change', withoutShown(call));
}

function withoutShown({ mfa: { login, enrollment } }: Call): (LoggedIn & BesideLogin) | BesideLogin {
  return { ...login, ...(enrollment && { enrollment }) };
}
