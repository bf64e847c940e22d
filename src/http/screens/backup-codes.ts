import { askHost } from '../../ask-host.ts';
import { openShownCodes } from '../../flows/shown-codes.ts';
import type { PageDetails } from '../../pages/page-props.ts';
import { type UserId, userKey } from '../../user-id.ts';
import { type Call, flowOf } from '../call.ts';
import { errorTypeOfFault } from '../fault.ts';
import type { Screen, Visit } from '../screen.ts';
import { forUser } from './for-user.ts';

/** `GET /backup-codes` */
export function backupCodesScreen(visit: Visit): Promise<Screen> {
  return forUser(visit, '/backup-codes', async (userId) => ({
    page: 'backupCodes',
    details: await detailsOf(visit.call, userId),
  }));
}

/** `GET /backup-codes.txt` */
export function backupCodesFileScreen(visit: Visit): Promise<Screen> {
  return forUser(visit, '/backup-codes', async (userId) => {
    const details = await detailsOf(visit.call, userId);
    const { codes } = details;
    if (!codes) return { page: 'backupCodes', details };
    return { file: { name: 'backup-codes.txt', backupCodes: { ...details, codes } } };
  });
}

async function detailsOf(call: Call, userId: UserId): Promise<PageDetails['backupCodes']> {
  const codes = await shownCodes(call, userId);
  const accountName = codes && (await accountNameOf(call, userId));
  return { codes, accountName, shownAt: new Date(call.settings.flows.now()) };
}

/** The codes are shown in any case: nobody else has them, and their time is short. */
async function accountNameOf({ settings, req, deadline }: Call, userId: UserId): Promise<string | undefined> {
  try {
    return await askHost(deadline, 'accountName', async () =>
      String(await settings.flows.accountName(userId)),
    );
  } catch (error) {
    errorTypeOfFault(settings, req, error);
    return undefined;
  }
}

/** The codes that this session still has to show to the user. */
export async function shownCodes(call: Call, userId: UserId): Promise<readonly string[] | undefined> {
  const { shownCodes } = call.mfa;
  if (!shownCodes || userKey(shownCodes.userId) !== userKey(userId)) return undefined;
  return openShownCodes(flowOf(call, userId, 'backup codes page'), shownCodes.sealed);
}
