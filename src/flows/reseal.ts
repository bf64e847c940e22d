import type { Account } from '../account/account.ts';
import { resealAccount } from '../account/factors.ts';
import type { Flow } from './flow.ts';

/** Rotation happens by the way: whatever is written anyhow is sealed with the newest key. */
export function resealedWhereReadable(flow: Flow, account: Account): Account {
  try {
    return resealAccount(account, flow);
  } catch {
    // A backup code still has to be spent where the authenticator cannot be read.
    return account;
  }
}
