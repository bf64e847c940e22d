import type { Account } from '../account/account.ts';
import { totpScope } from '../account/totp.ts';
import { isSealedWithOlderKey, open, seal } from '../crypto/seal.ts';
import type { Flow } from './flow.ts';

/**
 * The account with its secret under the newest key; the same object where it already is.
 *
 * @throws MfaError `secret_unreadable`.
 */
export function resealed(flow: Flow, account: Account): Account {
  const { totp } = account;
  if (!totp || !isSealedWithOlderKey(totp.secret, flow.keyRing)) return account;
  const scope = totpScope(flow);
  return { ...account, totp: { ...totp, secret: seal(open(totp.secret, scope), scope) } };
}

/** Rotation happens by the way: whatever is written anyhow is sealed with the newest key. */
export function resealedWhereReadable(flow: Flow, account: Account): Account {
  try {
    return resealed(flow, account);
  } catch {
    // A backup code still has to be spent where the authenticator cannot be read.
    return account;
  }
}
