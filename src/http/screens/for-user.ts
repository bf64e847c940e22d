import { withQuery } from '../../pages/with-query.ts';
import type { UserId } from '../../user-id.ts';
import { currentUser } from '../call.ts';
import { carriedPath } from '../return-to.ts';
import type { Screen, Visit } from '../screen.ts';

/** A page for somebody who is logged in: a pending login is led to its second step, a guest to the app's login. */
export async function forUser(
  { call, returnTo }: Visit,
  page: string,
  screen: (userId: UserId) => Promise<Screen>,
): Promise<Screen> {
  const { settings, mfa } = call;
  const userId = await currentUser(call);
  if (userId !== undefined) return screen(userId);
  const back = withQuery(`${settings.path}${page}`, { return_to: returnTo });
  const wayIn = mfa.pending ? settings.challengePath : settings.loginPath;
  return { redirectTo: withQuery(wayIn, { return_to: carriedPath(back) }) };
}
