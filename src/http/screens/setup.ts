import { runningEnrollment } from '../../flows/running-enrollment.ts';
import { type MfaStatus, status } from '../../flows/status.ts';
import { type UserId, userKey } from '../../user-id.ts';
import { type Call, flowOf } from '../call.ts';
import { isRecentLogin, passwordAsked, replaceableUnder } from '../fresh-proof.ts';
import type { Screen, Visit } from '../screen.ts';
import { forUser } from './for-user.ts';

/** `GET /setup` */
export function setupScreen(visit: Visit): Promise<Screen> {
  const { call } = visit;
  return forUser(visit, '/setup', async (userId) => {
    const account = await status(flowOf(call, userId, 'set-up page'));
    const replaces = replaceableUnder(call, userId, account) !== undefined;
    if (account.enrolled && !replaces)
      return { redirectTo: visit.returnTo ?? `${call.settings.path}/security` };
    // A form that could not begin an enrolment is shown again, whatever else is under way.
    const authenticator = visit.form === '/totp/enroll' ? undefined : await running(call, userId, account);
    const authority =
      authenticator || isRecentLogin(call, userId, account)
        ? ('nothing' as const)
        : await passwordAsked(call, { userId, account, required: true, refused: visit.problem?.errorType });
    return { page: 'setup', details: { authority, replaces, authenticator } };
  });
}

async function running(call: Call, userId: UserId, { epoch }: MfaStatus) {
  const { enrollment } = call.mfa;
  if (!enrollment || userKey(enrollment.userId) !== userKey(userId)) return undefined;
  return runningEnrollment(flowOf(call, userId, 'set-up page'), { ticket: enrollment.ticket, epoch });
}
