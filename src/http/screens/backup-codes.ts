import { openShownCodes } from '../../flows/shown-codes.ts';
import { type UserId, userKey } from '../../user-id.ts';
import { type Call, flowOf } from '../call.ts';
import type { Screen, Visit } from '../screen.ts';
import { forUser } from './for-user.ts';

/** `GET /backup-codes` */
export function backupCodesScreen(visit: Visit): Promise<Screen> {
  return forUser(visit, '/backup-codes', async (userId) => ({
    page: 'backupCodes',
    details: { codes: await shownCodes(visit.call, userId) },
  }));
}

/** `GET /backup-codes.txt` */
export function backupCodesFileScreen(visit: Visit): Promise<Screen> {
  return forUser(visit, '/backup-codes', async (userId) => {
    const codes = await shownCodes(visit.call, userId);
    if (!codes) return { page: 'backupCodes', details: { codes } };
    return { file: { name: 'backup-codes.txt', backupCodes: codes } };
  });
}

/** The codes that this session still has to show to the user. */
export async function shownCodes(call: Call, userId: UserId): Promise<readonly string[] | undefined> {
  const { shownCodes } = call.mfa;
  if (!shownCodes || userKey(shownCodes.userId) !== userKey(userId)) return undefined;
  return openShownCodes(flowOf(call, userId, 'backup codes page'), shownCodes.sealed);
}
