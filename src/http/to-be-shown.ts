import { sealShownCodes } from '../flows/shown-codes.ts';
import type { UserId } from '../user-id.ts';
import { answersHtml } from './answers-html.ts';
import { type Call, flowOf } from './call.ts';
import { type BesideLogin, type LoggedIn, writeMfaSession } from './mfa-session.ts';
import { saveSession } from './session.ts';
import { renewLogin } from './upgrade-session.ts';

/** New backup codes for the session, where a page is going to show them; a JSON answer has told them itself. */
export function toBeShown(call: Call, userId: UserId, backupCodes: readonly string[]): BesideLogin {
  if (!answersHtml(call.settings, call.req)) return {};
  return {
    shownCodes: { userId, sealed: sealShownCodes(flowOf(call, userId, 'show backup codes'), backupCodes) },
  };
}

/** As {@link toBeShown}, into the session as it is. */
export async function keepToBeShown(
  call: Call,
  userId: UserId,
  backupCodes: readonly string[],
): Promise<void> {
  const shown = toBeShown(call, userId, backupCodes);
  if (!shown.shownCodes) return;
  writeMfaSession(call.session, call.settings.sessionKey, { ...withoutShown(call), ...shown });
  await saveSession(call.req, call.deadline);
}

/**
 * Once somebody has saved them, nobody sees them again. The new session id is for the browser: a change of the
 * cookie is what makes Chromium drop the page, which the back button would show from memory else.
 */
export function forgetShown(call: Call): Promise<void> {
  return renewLogin(call, withoutShown(call));
}

function withoutShown({ mfa: { login, enrollment } }: Call): (LoggedIn & BesideLogin) | BesideLogin {
  return { ...login, ...(enrollment && { enrollment }) };
}
