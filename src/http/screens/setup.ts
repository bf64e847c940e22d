import { type MfaStatus, status } from '../../flows/status.ts';
import { withQuery } from '../../pages/with-query.ts';
import type { UserId } from '../../user-id.ts';
import { flowOf, loginOf } from '../call.ts';
import { isRecentLogin, passwordAsked, replaceableUnder } from '../fresh-proof.ts';
import type { Screen, Visit } from '../screen.ts';
import { forUser } from './for-user.ts';
import { runningSetup } from './running-setup.ts';
import { securityScreen } from './security.ts';

/** `GET /setup` */
export function setupScreen(visit: Visit): Promise<Screen> {
  const { call } = visit;
  return forUser(visit, '/setup', async (userId) => {
    const account = await status(flowOf(call, userId, 'set-up page'));
    const mayBegin = !account.enrolled || replaceableUnder(call, userId, account) !== undefined;
    const running = await runningSetup(call, userId);
    if (!mayBegin && !running) return alreadySetUp(visit, userId, account);
    const begins = visit.form === '/totp/enroll';
    // Too late to begin once more, and there is no need to.
    if (!mayBegin && begins) {
      return { redirectTo: withQuery(`${call.settings.path}/setup`, { return_to: visit.returnTo }) };
    }
    // A form that could not begin an enrolment is shown again, whatever else is under way.
    const authenticator = begins ? undefined : running;
    const authority =
      authenticator || isRecentLogin(call, userId, account)
        ? ('nothing' as const)
        : await passwordAsked(call, { userId, account, required: true, refused: visit.problem?.errorType });
    return { page: 'setup', details: { authority, replaces: account.enrolled, authenticator } };
  });
}

/** Nothing can be set up: on to what is, unless the person has to hear that a form came too late. */
function alreadySetUp(visit: Visit, userId: UserId, { epoch }: MfaStatus): Screen | Promise<Screen> {
  const { call, returnTo, problem } = visit;
  // Under another epoch, another click or tab has done what this form was to do.
  if (problem && loginOf(call, userId)?.epoch === epoch) return securityScreen(visit);
  return { redirectTo: returnTo ?? `${call.settings.path}/security` };
}
