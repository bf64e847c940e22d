import { isMfaError } from '../errors.ts';
import type { Account } from './account.ts';
import { countFailure, disablesAuthenticator, fullBudget, remainingWait, shortenWait } from './budget.ts';
import type { Factor, Match, Method, ProofContext } from './factor.ts';
import type { Proof } from './factors.ts';

/** What the rules say to a proof. */
type Outcome = 'accepted' | 'wrong' | 'replayed' | 'waiting' | 'disabled';

/** By what something was proven. */
export interface Proven {
  readonly method: Method;
  /** What a session says of it, RFC 8176 §2. */
  readonly amr: readonly string[];
  /** Undefined where it was no authenticator's. */
  readonly authenticatorId: string | undefined;
}

/**
 * An outcome, and the account as it would be afterwards: the same object where nothing is to be written. Where nothing
 * was proven, `method` is what was tried first.
 */
export interface Judgement extends Proven {
  readonly outcome: Outcome;
  readonly account: Account;
}

/**
 * What the rules say to a proof: it is tried as everything that it can be and that the account has, and counts once. One
 * that was used before is not right by another reading.
 *
 * @throws MfaError `secret_unreadable` where nothing could be tried.
 */
export async function judge(account: Account, proof: Proof, context: ProofContext): Promise<Judgement> {
  const isStopped = remainingWait(account.budget, context.now) > 0 || disablesAuthenticator(account.budget);
  const candidates = proof.candidates.filter(({ factor }) => factor.isTakenBy(account));
  const open = candidates.filter(({ factor }) => !(isStopped && factor.canBeGuessed));

  const tried: { factor: Factor; match: Match }[] = [];
  let unreadable: unknown;
  for (const { factor, code } of open) {
    try {
      tried.push({ factor, match: await factor.match(account, code, context) });
    } catch (error) {
      if (!isMfaError(error) || error.code !== 'secret_unreadable') throw error;
      unreadable ??= error;
    }
  }
  const replayed = tried.find(({ match }) => match.is === 'replayed');
  if (replayed) return refusal('replayed', account, replayed.factor);
  for (const { factor, match } of tried) if (match.is === 'right') return accepted(factor, match);
  const [{ factor: first }] = proof.candidates;
  // What stopped the others stops a wrong guess at the rest, too.
  if (remainingWait(account.budget, context.now) > 0)
    return refusal('waiting', withShortWait(account, context.now), first);
  if (open.length < candidates.length) return refusal('disabled', account, first);
  // The guess at what can be read has to count: else that could be guessed at without end.
  if (tried.length === 0 && unreadable) throw unreadable;
  return refusal('wrong', { ...account, budget: countFailure(account.budget, context.now) }, first);
}

type Right = Extract<Match, { is: 'right' }>;

/** A correct proof: all failures are forgotten. */
function accepted({ method, amr }: Factor, { account, authenticatorId }: Right): Judgement {
  return { outcome: 'accepted', account: { ...account, budget: fullBudget }, method, amr, authenticatorId };
}

/** A refusal; where the account is as it was, it costs nothing, so that nobody can starve another's write. */
function refusal(
  outcome: Exclude<Outcome, 'accepted'>,
  account: Account,
  { method, amr }: Factor,
): Judgement {
  return { outcome, account, method, amr, authenticatorId: undefined };
}

/** The account without a wait that is longer than one can be; the same object where there is none. */
export function withShortWait(account: Account, now: number): Account {
  const budget = shortenWait(account.budget, now);
  return budget === account.budget ? account : { ...account, budget };
}
