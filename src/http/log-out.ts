import type { IncomingMessage } from 'node:http';
import { endSessions } from '../flows/end-sessions.ts';
import { beginCall, currentUser, flowOf } from './call.ts';
import { destroySession } from './session.ts';
import type { HttpSettings } from './settings.ts';

/** Ends this session, and with `everywhere` every other one of the user: see `MfaRouter.logOut`. */
export async function logOut(
  settings: HttpSettings,
  req: IncomingMessage,
  everywhere: boolean,
): Promise<void> {
  const call = beginCall(settings, req);
  try {
    const userId = everywhere ? await currentUser(call) : undefined;
    if (userId !== undefined) await endSessions(flowOf(call, userId, 'log out everywhere'));
  } finally {
    // Also where the others could not be ended: this browser asked to be logged out.
    await destroySession(call.req, call.deadline);
  }
}
