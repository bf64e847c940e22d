import type { Account } from '../../src/account/account.ts';
import type { Factor, ProofContext } from '../../src/account/factor.ts';
import { judge } from '../../src/account/judge.ts';

/** What the rules say to a code, read as a proof of one factor and of no other. */
export async function decide(factor: Factor, account: Account, code: string, context: ProofContext) {
  const { outcome, account: after } = await judge(account, { candidates: [{ factor, code }] }, context);
  return { outcome, account: after };
}
