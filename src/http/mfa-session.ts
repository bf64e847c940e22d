import type { Session } from 'express-session';
import * as v from 'valibot';
import type { Method } from '../account/factor.ts';
import type { LoginTicket } from '../account/logins.ts';
import { isUserId, type UserId } from '../user-id.ts';
import { ownMember, ownObject } from '../without-prototype.ts';

/** The first step is done, the second is not. To the rest of the app this is a guest. */
export interface PendingLogin extends LoginTicket {
  readonly pendingUserId: UserId;
  readonly via: string;
  readonly returnTo?: string | undefined;
  readonly carry?: unknown;
}

/** A second factor that was proven in this session. */
interface SecondProof {
  readonly method: Method;
  /** Undefined where it was no authenticator's. */
  readonly authenticatorId?: string | undefined;
  /** ms since the epoch. */
  readonly at: number;
}

/** Somebody who logged in through `startLogin`. Times in ms since the epoch. */
export interface LoggedIn {
  readonly userId: UserId;
  /** When the first step was done; 0 where that was not through us. */
  readonly authenticatedAt: number;
  /** What second factors were proven, the latest of each method; none where the first step was all. */
  readonly proofs: readonly SecondProof[];
  /** RFC 8176. */
  readonly amr: readonly string[];
  readonly epoch: string;
}

/** An enrolment that waits for its first code; bound to this session by being kept in it, and to the user. */
interface RunningEnrollment {
  readonly userId: UserId;
  /** Sealed. */
  readonly ticket: string;
  /** Whether its backup codes still have to be told: it was begun by a form, which is answered by a redirect. */
  readonly untold?: boolean | undefined;
}

/** Backup codes that a page still has to show; kept until somebody has said that they are saved. */
interface ShownCodes {
  readonly userId: UserId;
  readonly sealed: string;
}

/** What a session says about the second step. A session with a pending login is never logged in. */
export interface MfaSession {
  readonly pending: PendingLogin | 'ended' | undefined;
  readonly login: LoggedIn | undefined;
  readonly enrollment: RunningEnrollment | undefined;
  readonly shownCodes: ShownCodes | undefined;
}

const userId = v.custom<UserId>(isUserId);
const pendingSchema = ownObject({
  pendingUserId: userId,
  loginId: v.string(),
  startedAt: v.number(),
  epoch: v.string(),
  via: v.string(),
  returnTo: v.optional(v.string()),
  carry: v.optional(v.unknown()),
});
// By hand: every guarded request comes by here.
const proof = v.custom<SecondProof>((value) => {
  if (typeof value !== 'object' || value === null) return false;
  const authenticatorId = ownMember(value, 'authenticatorId');
  const isText = typeof ownMember(value, 'method') === 'string';
  const isId = authenticatorId === undefined || typeof authenticatorId === 'string';
  return isText && isId && typeof ownMember(value, 'at') === 'number';
});
const loginSchema = v.pipe(
  ownObject({
    userId,
    authenticatedAt: v.number(),
    proofs: v.optional(v.array(proof)),
    // As release 0.1.0 wrote them, of which the sessions live on.
    verifiedAt: v.optional(v.number()),
    method: v.optional(v.string(), 'totp'),
    amr: v.array(v.string()),
    epoch: v.string(),
  }),
  v.transform(({ userId, authenticatedAt, proofs, verifiedAt, method, amr, epoch }): LoggedIn => {
    const proof = verifiedAt === undefined ? [] : [{ method, authenticatorId: undefined, at: verifiedAt }];
    return { userId, authenticatedAt, proofs: proofs ?? proof, amr, epoch };
  }),
);
const enrollmentSchema = ownObject({
  enrollment: ownObject({ userId, ticket: v.string(), untold: v.optional(v.boolean()) }),
});
const shownCodesSchema = ownObject({ shownCodes: ownObject({ userId, sealed: v.string() }) });

/** The second factor that was proven last. */
export function latestProof(login: LoggedIn | undefined): SecondProof | undefined {
  const [first, ...others] = login?.proofs ?? [];
  return others.reduce((latest, proof) => (latest && proof.at < latest.at ? latest : proof), first);
}

/** What is not of our making counts as nothing; but what is half a pending login is one that has ended. */
export function readMfaSession(session: Session, key: string): MfaSession {
  const stored = Object.hasOwn(session, key) ? fieldsOf(session)[key] : undefined;
  if (typeof stored !== 'object' || stored === null) return nothing;
  if (Object.hasOwn(stored, 'pendingUserId')) {
    const pending = v.safeParse(pendingSchema, stored);
    return { ...nothing, pending: pending.success ? pending.output : 'ended' };
  }
  const login = v.safeParse(loginSchema, stored);
  // Hardly any session has them, and what is missing costs more to look for by a schema than all the rest.
  const running = Object.hasOwn(stored, 'enrollment') ? v.safeParse(enrollmentSchema, stored) : undefined;
  const shown = Object.hasOwn(stored, 'shownCodes') ? v.safeParse(shownCodesSchema, stored) : undefined;
  return {
    ...nothing,
    login: login.success ? login.output : undefined,
    enrollment: running?.success ? running.output.enrollment : undefined,
    shownCodes: shown?.success ? shown.output.shownCodes : undefined,
  };
}

/** Said member by member: what is left out would be looked for in the prototype. */
const nothing = { pending: undefined, login: undefined, enrollment: undefined, shownCodes: undefined };

/** What a session keeps beside a login. */
export type BesideLogin = Partial<Pick<MfaSession, 'enrollment' | 'shownCodes'>>;

/** Replaces what the session says. */
export function writeMfaSession(
  session: Session,
  key: string,
  value: PendingLogin | LoggedIn | BesideLogin,
): void {
  fieldsOf(session)[key] = value;
}

/** The session as what it is: the host's keys beside ours. */
export function fieldsOf(session: Session): Record<string, unknown> {
  return session as unknown as Record<string, unknown>;
}
