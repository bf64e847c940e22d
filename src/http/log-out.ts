import type { IncomingMessage } from 'node:http';
import { endSessions } from '../flows/end-sessions.ts';
import { withoutPrototype } from '../without-prototype.ts';
import { beginLastCall, type Call, currentUser, flowOf } from './call.ts';
import { report, reportFault } from './fault.ts';
import { beginGuestSession } from './guest-session.ts';
import { destroySession, detachSession } from './session.ts';
import type { HttpSettings } from './settings.ts';

/** How far a log-out goes. */
export interface LogOutOptions {
  /** Whether what any other session of this user has proven ends as well. Default: false. */
  readonly everywhere?: boolean | undefined;
}

/** Ends this session, and with `everywhere` every other one of the user: see `MfaRouter.logOut`. */
export async function logOut(
  settings: HttpSettings,
  req: IncomingMessage,
  options: LogOutOptions,
): Promise<void> {
  checkLogOutOptions(options);
  const { everywhere = false } = withoutPrototype(options);
  try {
    await end(beginLastCall(settings, req), everywhere);
  } catch (error) {
    reportFault(settings, error);
    throw error;
  }
}

async function end(call: Call, everywhere: boolean): Promise<void> {
  const userId = everywhere ? currentUser(call) : undefined;
  // At the same time: also where the others cannot be ended, this browser asked to be logged out.
  const results = await Promise.allSettled([endOthers(call, userId), destroyAfter(call, userId)]);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  becomeGuest(call);
}

/** A slip of the pen must not leave the other sessions as they are. */
function checkLogOutOptions(options: LogOutOptions): void {
  const isObject = typeof options === 'object' && options !== null;
  const isKnown = isObject && Object.keys(options).every((name) => name === 'everywhere');
  const { everywhere } = isKnown ? withoutPrototype(options) : {};
  if (isKnown && (everywhere === undefined || typeof everywhere === 'boolean')) return;
  throw new TypeError('Give `logOut` nothing beside the request, or an object of `everywhere: true`.');
}

type Asked = ReturnType<typeof currentUser> | undefined;

async function endOthers(call: Call, asked: Asked): Promise<void> {
  const userId = await asked;
  if (userId !== undefined)
    await endSessions(flowOf(call, userId, 'log out everywhere'), 'logged_out_everywhere');
}

/** The host is asked before its session is gone, whatever it answers. */
async function destroyAfter(call: Call, asked: Asked): Promise<void> {
  await asked?.catch(() => undefined);
  await destroySession(call);
}

/** The host may go on with a message for the next page. */
function becomeGuest({ req, settings }: Call): void {
  try {
    beginGuestSession(req);
  } catch (error) {
    detachSession(req);
    report(settings, req, error);
  }
}
