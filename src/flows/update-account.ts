import { type Account, emptyAccount, parseAccount, serialiseAccount } from '../account/account.ts';
import { totpScope } from '../account/totp.ts';
import { randomId } from '../crypto/random-id.ts';
import { isSealedWithOlderKey, open, seal } from '../crypto/seal.ts';
import { isMfaError, MfaError } from '../errors.ts';
import type { StoredAccount } from '../stores/store.ts';
import { type Flow, tell } from './flow.ts';

/** How often a flow starts again because somebody else's write came first. */
const maxRounds = 32;

/** What a flow makes of an account: the same object where nothing is to be written. */
export interface Change<T> {
  readonly account: Account;
  readonly result: T;
  /** Emits the events of this change. */
  readonly announce?: () => void;
}

/**
 * The one way by which an account changes: load it, decide, write if nothing changed meanwhile; else again
 * from the new one. The result is given, and the events are emitted, only once the write has won.
 *
 * @param unreadable what a record that cannot be read is taken for; without it that is a fault.
 * @throws MfaError where the store fails, is late, is contended, or holds what cannot be read.
 */
export async function updateAccount<T>(
  flow: Flow,
  decide: (account: Account) => Change<T> | Promise<Change<T>>,
  unreadable?: Account,
): Promise<T> {
  try {
    for (let round = 0; round < maxRounds; round++) {
      const stored = await getStored(flow);
      const account = readStored(stored, unreadable);
      const change = await decide(account);
      const settled = change.account === account || (await putStored(flow, change.account, stored?.version));
      if (!settled) continue;
      change.announce?.();
      return change.result;
    }
  } catch (error) {
    tellOfUnreadable(flow, error);
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
}

function readStored(stored: StoredAccount | undefined, unreadable: Account | undefined): Account {
  if (!stored) return emptyAccount;
  try {
    return parseAccount(stored.data);
  } catch (error) {
    if (unreadable) return unreadable;
    throw error;
  }
}

async function getStored(flow: Flow): Promise<StoredAccount | undefined> {
  const stored = await storeCall(flow, 'get', () => flow.store.get(flow.key));
  if (stored === undefined) return undefined;
  if (typeof stored?.version === 'string' && typeof stored.data === 'string') return stored;
  throw storeFault(flow, 'get', new TypeError('MfaStore.get must give an account or undefined.'));
}

async function putStored(flow: Flow, account: Account, expected: string | undefined): Promise<boolean> {
  const next = { version: randomId(), data: serialiseAccount(resealed(flow, account)) };
  const written: unknown = await storeCall(flow, 'put', () => flow.store.put(flow.key, next, expected));
  if (typeof written === 'boolean') return written;
  throw storeFault(flow, 'put', new TypeError('MfaStore.put must give true or false.'));
}

type Operation = 'get' | 'put' | 'delete';

async function storeCall<T>(flow: Flow, operation: Operation, call: () => Promise<T>): Promise<T> {
  try {
    return await flow.deadline.run(call);
  } catch (error) {
    throw storeFault(flow, operation, error);
  }
}

/** A `put` whose answer is missing may have taken place: it is never repeated. */
function storeFault(flow: Flow, operation: Operation, cause: unknown): MfaError {
  tell(flow, 'store.unavailable', { operation, intended: flow.intended });
  return isMfaError(cause) ? cause : new MfaError('store_unavailable', { cause });
}

/** Rotation happens by the way: whatever is written anyhow is sealed with the newest key. */
function resealed(flow: Flow, account: Account): Account {
  const { totp } = account;
  if (!totp || !isSealedWithOlderKey(totp.secret, flow.keyRing)) return account;
  const scope = totpScope(flow);
  try {
    return { ...account, totp: { ...totp, secret: seal(open(totp.secret, scope), scope) } };
  } catch {
    // A backup code still has to be spent where the authenticator cannot be read.
    return account;
  }
}

function tellOfUnreadable(flow: Flow, error: unknown): void {
  const code = isMfaError(error) ? error.code : undefined;
  const { intended } = flow;
  if (code === 'account_unreadable') tell(flow, 'secret.unreadable', { what: 'account', intended });
  if (code === 'secret_unreadable') tell(flow, 'secret.unreadable', { what: 'secret', intended });
}
