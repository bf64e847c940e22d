import { type Account, emptyAccount } from '../account/account.ts';
import { resealAccount } from '../account/factors.ts';
import { isMfaConfigError, isMfaError, MfaConfigError, MfaError } from '../errors.ts';
import { inParallel } from '../in-parallel.ts';
import type { MfaStore } from '../stores/store.ts';
import { userOfAccountKey } from '../user-id.ts';
import { beginFlow, directCaller, type Flow, type FlowSettings, tell } from './flow.ts';
import { countKeyUse, type KeyUse } from './key-use.ts';
import { listInTime } from './list-in-time.ts';
import { type Change, updateAccount } from './update-account.ts';

/** How far a resealing is. */
export interface ResealProgress {
  /** Accounts that were looked at. */
  readonly done: number;
  /** How many there were when it began. */
  readonly total: number;
  /** Those whose secret was under an older key. */
  readonly resealed: number;
}

/** What a resealing found and did. */
export interface ResealReport {
  readonly accounts: number;
  readonly resealed: number;
  /** Accounts whose secret no listed key opens, or that cannot be read at all; they are as they were. */
  readonly unreadable: number;
  /** Whether `signal` ended it before the last account. */
  readonly stopped: boolean;
  /** Every listed key, and every other that an account names. One that nothing hangs on can be removed. */
  readonly keys: readonly KeyUse[];
}

/** How a resealing is followed and ended. */
export interface ResealOptions {
  /** Called about a hundred times, and at the end. */
  readonly onProgress?: (progress: ResealProgress) => void;
  /** Ends it after the accounts in hand; starting it again goes on with what is left. */
  readonly signal?: AbortSignal;
}

/** So many accounts at once: enough to keep a connection busy, few enough to leave it to logins. */
const inHand = 32;

/**
 * Walks the accounts of the realm, and seals with the newest key what is sealed with an older one. Each is a
 * conditional write like any other: logins go on, and sessions stay as they are.
 *
 * @throws MfaError where the store fails; what was done by then stays done.
 */
export async function resealAll(
  settings: FlowSettings,
  { onProgress, signal }: ResealOptions,
): Promise<ResealReport> {
  const total = await countUsers(settings, signal);
  const tally = countKeyUse(settings.keyRing);
  const counts = { done: 0, resealed: 0, unreadable: 0 };
  const often = Math.max(1, Math.ceil(total / 100));
  const progress = () => onProgress?.({ done: counts.done, resealed: counts.resealed, total });

  const finished = await inParallel({
    inHand,
    items: usersOf(settings),
    signal,
    async run(user) {
      const { account, outcome } = await resealOne(settings, user);
      if (account) tally.add(account);
      if (outcome === 'unreadable') counts.unreadable++;
      if (outcome === 'resealed') counts.resealed++;
      if (++counts.done % often === 0) progress();
    },
  });
  progress();
  const { done: accounts, resealed, unreadable } = counts;
  return { accounts, resealed, unreadable, stopped: !finished, keys: tally.uses() };
}

interface Looked {
  /** Undefined where the record cannot be read. */
  readonly account?: Account;
  readonly outcome: 'resealed' | 'as it was' | 'unreadable';
}

async function resealOne(settings: FlowSettings, user: string): Promise<Looked> {
  const flow = beginFlow(settings, user, 'reseal', directCaller());
  try {
    return await updateAccount<Looked>(flow, (before) => resealIfReadable(flow, before), {
      missing: emptyAccount,
    });
  } catch (error) {
    if (!isMfaError(error) || error.code !== 'account_unreadable') throw error;
    return { outcome: 'unreadable' };
  }
}

/** What hangs on which key is told of an account whose secret no key opens, too: its backup codes may still work. */
function resealIfReadable(flow: Flow, before: Account): Change<Looked> {
  try {
    const account = resealAccount(before, flow);
    return { account, result: { account, outcome: account === before ? 'as it was' : 'resealed' } };
  } catch {
    const announce = () => tell(flow, 'secret.unreadable', { what: 'secret', intended: flow.intended });
    return { account: before, result: { account: before, outcome: 'unreadable' }, announce };
  }
}

async function countUsers(settings: FlowSettings, signal: AbortSignal | undefined): Promise<number> {
  let count = 0;
  for await (const _user of usersOf(settings)) {
    if (signal?.aborted) break;
    count++;
  }
  return count;
}

/** The users of this realm: a store may hold those of others. */
async function* usersOf({ store, realm }: FlowSettings): AsyncGenerator<string, undefined> {
  try {
    for await (const key of listInTime(listOf(store))) {
      const user = userOfAccountKey(realm, key);
      if (user !== undefined) yield user;
    }
    return undefined;
  } catch (cause) {
    throw isMfaConfigError(cause) ? cause : new MfaError('store_unavailable', { cause });
  }
}

function listOf(store: MfaStore): AsyncIterable<string> {
  if (store.list) return store.list();
  throw new MfaConfigError('Give the store a `list`: without it nobody can walk the accounts.');
}
