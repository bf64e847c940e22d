import type { IncomingMessage } from 'node:http';
import { endSessions } from '../flows/end-sessions.ts';
import { beginCall, type Call, currentUser, flowOf } from './call.ts';
import { destroySession } from './session.ts';
import type { HttpSettings } from './settings.ts';

/** Ends this session, and with `everywhere` every other one of the user: see `MfaRouter.logOut`. */
export async function logOut(
  settings: HttpSettings,
  req: IncomingMessage,
  everywhere: boolean,
): Promise<void> {
  const call = beginCall(settings, req);
  const userId = everywhere ? currentUser(call) : undefined;
  // At the same time: also where the others cannot be ended, this browser asked to be logged out.
  const results = await Promise.allSettled([endOthers(call, userId), destroyAfter(call, userId)]);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

type Asked = ReturnType<typeof currentUser> | undefined;

async function endOthers(call: Call, asked: Asked): Promise<void> {
  const userId = await asked;
  if (userId !== undefined) await endSessions(flowOf(call, userId, 'log out everywhere'));
}

/** The host is asked before its session is gone, whatever it answers. */
async function destroyAfter(call: Call, asked: Asked): Promise<void> {
  await asked?.catch(() => undefined);
  await destroySession(call.req, call.deadline);
}
