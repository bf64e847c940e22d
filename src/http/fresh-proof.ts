import { isTaken, readProof } from '../account/factors.ts';
import { isWithin } from '../account/logins.ts';
import { askHost } from '../ask-host.ts';
import type { ErrorType } from '../error-types.ts';
import type { Authority } from '../flows/change-factors.ts';
import { checkPassword } from '../flows/check-password.ts';
import { type MfaStatus, statusOf } from '../flows/status.ts';
import { loadAccount } from '../flows/update-account.ts';
import type { UserId } from '../user-id.ts';
import type { Body } from './body.ts';
import { type Call, flowOf, loginOf } from './call.ts';
import { isProven } from './check.ts';
import { latestProof } from './mfa-session.ts';
import { failure, type Reply, refusal } from './reply.ts';
import { denialReply } from './with-user.ts';

/** For how long a login or a second factor counts as fresh, in ms. */
export const freshnessMs = 300_000;

/**
 * What a change of factors asks for before it happens: the password, and a second factor that was proven in
 * this session within five minutes or comes with the request. Gives by what right it may happen, or the
 * answer that says what is missing.
 */
export async function authorityFor(
  call: Call,
  userId: UserId,
  { code, password }: Body,
): Promise<{ authority: Authority; refused: undefined } | { refused: Reply }> {
  // Before the password is asked for: what is malformed counts for nothing.
  const proof = code === undefined ? undefined : readProof(code);
  if (code !== undefined && !proof) return { refused: failure('VALIDATION_ERROR') };
  const flow = flowOf(call, userId, 'change factors');
  const stored = await loadAccount(flow);
  if (proof && !isTaken(proof, stored)) return { refused: failure('VALIDATION_ERROR') };
  const account = statusOf(stored, flow);
  if (!account.enrolled) return { refused: failure('NOT_ENROLLED') };
  const proven = isProven(loginOf(call, userId), account, freshnessMs, call.settings.flows.now());
  if (code === undefined && !proven) {
    return { refused: denialReply({ errorType: 'MFA_REQUIRED', methods: account.methods }) };
  }
  const refused = await passwordRefusal(call, { userId, account, password, required: false });
  return refused ? { refused } : { authority: { code, epoch: account.epoch }, refused: undefined };
}

/**
 * The answer where the password is missing or wrong. A login within five minutes stands in for one that the
 * user does not have; and where the host gave no way to check one, if something is `required`.
 */
export async function passwordRefusal(
  call: Call,
  check: { userId: UserId; account: MfaStatus; password: string | undefined; required: boolean },
): Promise<Reply | undefined> {
  const { userId, account, password, required } = check;
  const checked = await checkPassword(flowOf(call, userId, 'check password'), password);
  if (!checked.ok) return refusal(checked);
  const enough = checked.password === 'right' || (checked.password === 'not_asked' && !required);
  if (enough || isRecentLogin(call, userId, account)) return undefined;
  return failure('UNAUTHENTICATED', { message: 'Log in again to go on.' });
}

/** What a page has to ask for before a change: the password, or a new login of a user who has none. */
export async function passwordAsked(
  call: Call,
  {
    userId,
    account,
    required,
    refused,
  }: { userId: UserId; account: MfaStatus; required: boolean; refused: ErrorType | undefined },
): Promise<'nothing' | 'password' | 'log_in'> {
  // The form has just been told so.
  if (refused === 'UNAUTHENTICATED') return 'log_in';
  if (await hasPassword(call, userId)) return 'password';
  const isOptional = !call.settings.flows.verifyPassword && !required;
  return isOptional || isRecentLogin(call, userId, account) ? 'nothing' : 'log_in';
}

/**
 * Whether there is a password to ask for. Only the host knows, and is asked with an empty text: a login that says
 * "password" may be one whose first step nobody has named.
 */
export async function hasPassword(call: Call, userId: UserId): Promise<boolean> {
  const { verifyPassword } = call.settings.flows;
  if (!verifyPassword) return false;
  return (await askHost(call.deadline, 'verifyPassword', () => verifyPassword(userId, ''))) !== 'no_password';
}

/** Whoever has just proven a backup code has very likely lost the phone, and may set up a new one over it. */
export function replaceableUnder(call: Call, userId: UserId, account: MfaStatus): string | undefined {
  const login = loginOf(call, userId);
  const proven = isProven(login, account, freshnessMs, call.settings.flows.now());
  return proven && latestProof(login)?.method === 'backup_code' ? account.epoch : undefined;
}

/** Whether the first step was done in this session within five minutes, and nothing has ended it since. */
export function isRecentLogin(call: Call, userId: UserId, { epoch }: MfaStatus): boolean {
  const login = loginOf(call, userId);
  return login?.epoch === epoch && isWithin(login.authenticatedAt, freshnessMs, call.settings.flows.now());
}
