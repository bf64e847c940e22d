import { status, type WaysToComplete, waysToComplete } from '../../flows/status.ts';
import { withQuery } from '../../pages/with-query.ts';
import { currentUser, flowOf, loginOf } from '../call.ts';
import { isProven } from '../check.ts';
import { carriedPath } from '../return-to.ts';
import type { Screen, Visit } from '../screen.ts';

/** No guard asks for less: whoever has proven a code so recently need not be asked again. */
const surelyFreshMs = 30_000;

/** `GET /challenge` */
export async function challengeScreen(visit: Visit): Promise<Screen> {
  const { call, returnTo } = visit;
  const { settings, mfa } = call;
  if (mfa.pending) {
    if (mfa.pending === 'ended') return loginEnded(visit);
    const ways = await waysToComplete(flowOf(call, mfa.pending.pendingUserId, 'challenge page'), mfa.pending);
    // In the form, so that it is still known when the login, or the session with it, has ended.
    const wanted = { ...visit, returnTo: returnTo ?? carriedPath(mfa.pending.returnTo) };
    return ways ? question(wanted, ways, { stepUp: false }) : loginEnded(wanted);
  }
  const userId = await currentUser(call);
  if (userId === undefined) return loginEnded(visit);
  const account = await status(flowOf(call, userId, 'challenge page'));
  if (!account.enrolled) return { redirectTo: withQuery(settings.setupPath, { return_to: returnTo }) };
  // Another tab has completed the login, say.
  if (isProven(loginOf(call, userId), account, surelyFreshMs, settings.flows.now())) {
    return { redirectTo: returnTo ?? settings.homePath };
  }
  return question(visit, account, { stepUp: true });
}

function question(
  { wantsBackupCode, returnTo }: Visit,
  { methods, backupCodesImported }: WaysToComplete,
  { stepUp }: { stepUp: boolean },
): Screen {
  const hasBackupCodes = methods.includes('backup_code');
  const hasTotp = methods.includes('totp');
  const method = hasBackupCodes && (wantsBackupCode || !hasTotp) ? 'backup_code' : 'totp';
  return {
    page: 'challenge',
    returnTo,
    details: { method, stepUp, canSwitch: hasBackupCodes && hasTotp, imported: backupCodesImported },
  };
}

function loginEnded({ call, returnTo }: Visit): Screen {
  return {
    page: 'problem',
    status: 401,
    problem: { errorType: 'NO_PENDING_LOGIN' },
    details: { goOn: { href: withQuery(call.settings.loginPath, { return_to: returnTo }), text: 'toLogin' } },
  };
}
