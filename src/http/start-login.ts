import type { IncomingMessage } from 'node:http';
import type { Method } from '../account/factor.ts';
import { pendingLifeMs } from '../account/logins.ts';
import { randomId } from '../crypto/random-id.ts';
import { status } from '../flows/status.ts';
import { type UserId, userKey } from '../user-id.ts';
import { withoutPrototype } from '../without-prototype.ts';
import { beginLastCall, type Call, flowOf } from './call.ts';
import { reportFault } from './fault.ts';
import { siteLocalPath } from './return-to.ts';
import { asSessionRequest, detachSession } from './session.ts';
import type { HttpSettings } from './settings.ts';
import { enterLogin, enterPending } from './upgrade-session.ts';

/** What is known about a first step. */
export interface StartLoginOptions {
  /** `'password'` (the default), or a label of your own for another kind of first step. */
  readonly via?: string | undefined;
  /** Where the person wanted to go: a path of this site. Anything else is dropped. */
  readonly returnTo?: unknown;
  /** JSON of at most 1,000 bytes, kept with the pending login and handed to `logIn`: a "remember me" tick, say. */
  readonly carry?: unknown;
}

/** What became of a first step. */
export type LoginStarted =
  | {
      readonly status: 'complete';
      /** What `logIn` gave. */
      readonly data: Readonly<Record<string, unknown>>;
      readonly redirectTo: string;
    }
  | {
      readonly status: 'mfa_required';
      readonly methods: readonly Method[];
      /** ms since the epoch. */
      readonly expiresAt: number;
      readonly redirectTo: string;
    };

/** What follows every first step: see `MfaRouter.startLogin`. */
export async function startLogin(
  settings: HttpSettings,
  request: IncomingMessage,
  login: StartLoginOptions & { userId: UserId },
): Promise<LoginStarted> {
  const { userId, via = 'password', returnTo, carry } = withoutPrototype(login);
  userKey(userId);
  checkDetails(via, carry);
  const details = { userId, via, carry, returnTo: siteLocalPath(returnTo) };
  try {
    return await start(beginLastCall(settings, request), details);
  } catch (error) {
    // Whoever was logged in before in this browser is not the one who has just typed a password.
    detachSession(asSessionRequest(request));
    reportFault(settings, error);
    throw error;
  }
}

async function start(
  call: Call,
  {
    userId,
    via,
    carry,
    returnTo,
  }: { userId: UserId; via: string; carry: unknown; returnTo: string | undefined },
): Promise<LoginStarted> {
  const { settings } = call;
  const account = await status(flowOf(call, userId, 'start login'));
  const now = settings.flows.now();
  const { epoch, methods } = account;
  warnOfInsecureCookie(call);

  if (account.enrolled) {
    await enterPending(call, {
      pendingUserId: userId,
      loginId: randomId(),
      startedAt: now,
      epoch,
      via,
      returnTo,
      carry,
    });
    return {
      status: 'mfa_required',
      methods,
      expiresAt: now + pendingLifeMs,
      redirectTo: settings.challengePath,
    };
  }
  const login = { userId, authenticatedAt: now, proofs: [], amr: [amrOf(via)], epoch };
  const data = await enterLogin(call, login, { via, carry });
  return { status: 'complete', data, redirectTo: returnTo ?? settings.homePath };
}

/** RFC 8176 has a name for a password; another first step goes by the host's label. */
export function amrOf(via: string): string {
  return via === 'password' ? 'pwd' : via;
}

function checkDetails(via: string, carry: unknown): void {
  if (typeof via !== 'string' || via === '')
    throw new TypeError('Give `via` as a short label of the first step.');
  if (carry !== undefined && !(lengthOfJson(carry) <= 1_000)) {
    throw new TypeError('Give `carry` as a JSON value of at most 1000 bytes.');
  }
}

/** NaN for what is none. */
function lengthOfJson(value: unknown): number {
  try {
    // What JSON leaves out is not kept.
    return Buffer.byteLength(JSON.stringify(value) ?? '');
  } catch {
    return Number.NaN;
  }
}

function warnOfInsecureCookie({ settings, req, session }: Call): void {
  if (session.cookie.secure !== true || req.secure) return;
  settings.warnOnce(
    'secure cookie',
    'The session cookie is `secure` and this request is not, so it will not be sent: set `trust proxy` behind a proxy.',
  );
}
