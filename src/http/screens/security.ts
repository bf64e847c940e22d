import { type MfaStatus, status } from '../../flows/status.ts';
import type { UserId } from '../../user-id.ts';
import { type Call, flowOf, loginOf } from '../call.ts';
import { isProven } from '../check.ts';
import { freshnessMs, passwordAsked, replaceableUnder } from '../fresh-proof.ts';
import type { Screen, Visit } from '../screen.ts';
import { shownCodes } from './backup-codes.ts';
import { forUser } from './for-user.ts';
import { runningSetup } from './running-setup.ts';

const forms = { '/totp/disable': 'disable', '/totp/regenerate-backup-codes': 'regenerate' } as const;

/** `GET /security` */
export function securityScreen(visit: Visit): Promise<Screen> {
  const { call } = visit;
  return forUser(visit, '/security', async (userId) => {
    const { flows } = call.settings;
    const account = await status(flowOf(call, userId, 'security page'));
    return {
      page: 'security',
      details: {
        enrolled: account.enrolled,
        authenticator: account.totpLocked ? 'locked' : 'on',
        backupCodesRemaining: account.backupCodesRemaining,
        backupCodesLow: account.backupCodesLow,
        backupCodesUnsaved: (await shownCodes(call, userId)) !== undefined,
        canReplace: account.enrolled && (await mayReplace(call, userId, account)),
        authority: account.enrolled
          ? await passwordAsked(call, { userId, account, required: false, refused: visit.problem?.errorType })
          : 'nothing',
        asksForCode: !isProven(loginOf(call, userId), account, freshnessMs, flows.now()),
        sentForm: Object.entries(forms).find(([path]) => path === visit.form)?.[1],
      },
    };
  });
}

/** A set-up that runs is reached even where it is too late to begin one. */
async function mayReplace(call: Call, userId: UserId, account: MfaStatus): Promise<boolean> {
  if (replaceableUnder(call, userId, account) !== undefined) return true;
  return (await runningSetup(call, userId)) !== undefined;
}
