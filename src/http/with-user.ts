import type { UserId } from '../user-id.ts';
import { withoutPrototype } from '../without-prototype.ts';
import { type Call, currentUser } from './call.ts';
import { denyPending } from './check.ts';
import type { Denial } from './denial.ts';
import { failure, type Reply } from './reply.ts';

/** Runs a route for somebody who is logged in; a pending login can do none of it. */
export async function withUser(call: Call, answer: (userId: UserId) => Promise<Reply>): Promise<Reply> {
  const userId = await currentUser(call);
  if (call.mfa.pending) return denialReply(await denyPending(call, call.mfa.pending));
  return userId === undefined ? failure('UNAUTHENTICATED') : answer(userId);
}

/** A denial as an answer of the HTTP contract. */
export function denialReply(denial: Pick<Denial, 'errorType' | 'methods' | 'expiresAt'>): Reply {
  const { errorType, methods, expiresAt } = withoutPrototype(denial);
  if (errorType !== 'MFA_REQUIRED') return failure(errorType);
  const ends = expiresAt === undefined ? {} : { expires_at: new Date(expiresAt).toISOString() };
  return failure(errorType, { data: { methods, ...ends } });
}
