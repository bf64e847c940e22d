import { type Account, emptyAccount, parseAccount, serialiseAccount } from '../account/account.ts';
import { isEnrolled } from '../account/factors.ts';
import { askHost } from '../ask-host.ts';
import { randomId } from '../crypto/random-id.ts';
import { isMfaError, MfaError } from '../errors.ts';
import type { StoredAccount } from '../stores/store.ts';
import { withoutPrototype } from '../without-prototype.ts';
import { type Flow, tell } from './flow.ts';
import { resealedWhereReadable } from './reseal.ts';

/** How often a flow starts again because somebody else's write came first. */
const maxRounds = 32;

/** What a flow makes of an account: the same object where nothing is to be written. */
export interface Change<T> {
  readonly account: Account;
  readonly result: T;
  /** Emits the events of this change. */
  readonly announce?: () => void;
}

interface TakenFor {
  readonly missing?: Account;
  readonly unreadable?: Account;
}

/**
 * The one way by which an account changes: load it, decide, write if nothing changed meanwhile; else again
 * from the new one. The result is given, and the events are emitted, only once the write has won.
 *
 * @param given what a record is taken for that cannot be read, or that is missing although the host knows
 * the user to be enrolled; without it that is a fault.
 * @throws MfaError where the store fails, is late, is contended, or holds what cannot be read.
 */
export async function updateAccount<T>(
  flow: Flow,
  decide: (account: Account) => Change<T> | Promise<Change<T>>,
  given: TakenFor = {},
): Promise<T> {
  const takenFor = withoutPrototype(given);
  try {
    for (let round = 0; round < maxRounds; round++) {
      const stored = await getStored(flow);
      const account = stored ? readStored(stored, takenFor) : await readMissing(flow, takenFor);
      const change = await decide(account);
      const settled = change.account === account || (await putStored(flow, change.account, stored?.version));
      if (!settled) continue;
      withoutPrototype(change).announce?.();
      return change.result;
    }
  } catch (error) {
    tellOfFault(flow, error);
    throw error;
  }
  throw new MfaError('store_contended');
}

/** The account as it is now. */
export function loadAccount(flow: Flow): Promise<Account> {
  return updateAccount(flow, (account) => ({ account, result: account }));
}

/** Removes the record, whatever it holds. */
export async function deleteAccount(flow: Flow): Promise<void> {
  await storeCall(flow, 'delete', () => flow.store.delete(flow.key));
  tell(flow, 'sessions.ended', { reason: 'deleted' });
}

function readStored(stored: StoredAccount, { unreadable }: TakenFor): Account {
  try {
    return parseAccount(stored.data);
  } catch (error) {
    if (unreadable) return unreadable;
    throw error;
  }
}

/** A database that lost accounts must not switch anybody's second step off, where the host can tell. */
async function readMissing(flow: Flow, { missing }: TakenFor): Promise<Account> {
  const { isEnrolled: hostSaysEnrolled, userId } = flow;
  if (missing || !hostSaysEnrolled) return missing ?? emptyAccount;
  const known = await askHost(flow.deadline, 'isEnrolled', async () =>
    requireBoolean(await hostSaysEnrolled(userId)),
  );
  if (known) throw new MfaError('account_missing');
  return emptyAccount;
}

function requireBoolean(answer: unknown): boolean {
  if (typeof answer === 'boolean') return answer;
  throw new TypeError('`isEnrolled` must answer true or false.');
}

async function getStored(flow: Flow): Promise<StoredAccount | undefined> {
  const stored = await storeCall(flow, 'get', () => flow.store.get(flow.key));
  if (stored === undefined) return undefined;
  if (typeof stored?.version === 'string' && typeof stored.data === 'string') return stored;
  throw storeFault(flow, 'get', new TypeError('MfaStore.get must give an account or undefined.'));
}

async function putStored(flow: Flow, account: Account, expected: string | undefined): Promise<boolean> {
  const data = serialiseAccount(resealedWhereReadable(flow, account));
  const next = { version: randomId(), data, enrolled: isEnrolled(account) };
  const written: unknown = await storeCall(flow, 'put', () => flow.store.put(flow.key, next, expected));
  if (typeof written === 'boolean') return written;
  throw storeFault(flow, 'put', new TypeError('MfaStore.put must give true or false.'));
}

type Operation = 'get' | 'put' | 'delete';

async function storeCall<T>(flow: Flow, operation: Operation, call: () => Promise<T>): Promise<T> {
  try {
    return await flow.deadline.run(call, {
      what: `\`${operation}\` of the store`,
      ...(operation === 'put' && { silence: flow.silences.put }),
    });
  } catch (error) {
    throw storeFault(flow, operation, error);
  }
}

/** A `put` whose answer is missing may have taken place: it is never repeated. */
function storeFault(flow: Flow, operation: Operation, cause: unknown): MfaError {
  tell(flow, 'store.unavailable', { operation, intended: flow.intended });
  const fault = isMfaError(cause) ? cause : new MfaError('store_unavailable', { cause });
  flow.reportFault(`store ${operation}`, fault);
  return fault;
}

function tellOfFault(flow: Flow, error: unknown): void {
  const code = isMfaError(error) ? error.code : undefined;
  const { intended } = flow;
  if (code === 'account_missing') tell(flow, 'account.missing', { intended });
  if (code === 'account_unreadable') tell(flow, 'secret.unreadable', { what: 'account', intended });
  if (code === 'secret_unreadable') tell(flow, 'secret.unreadable', { what: 'secret', intended });
}
