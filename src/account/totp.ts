import { timingSafeEqual } from 'node:crypto';
import { hotp, minimumSecretBytes } from '../crypto/hotp.ts';
import { shortId } from '../crypto/random-id.ts';
import { isSealedWithOlderKey, open, type SealScope, seal } from '../crypto/seal.ts';
import { MfaError } from '../errors.ts';
import { ownMember } from '../without-prototype.ts';
import type { Account } from './account.ts';
import { type Authenticator, ofKind } from './authenticator.ts';
import type { Factor, ProofContext } from './factor.ts';

/** As an authenticator says it. */
const kind = 'totp';
/** RFC 6238 §4: the time step, in ms. */
export const stepMs = 30_000;
const form = /^[0-9](?: ?[0-9]){5}$/;

/** What the account keeps of an authenticator app. */
interface TotpState {
  /** The shared secret, sealed. Empty where the stored one is missing: then it opens for nobody. */
  readonly secret: string;
  /** The last time step that was accepted: only greater ones are, RFC 6238 §5.2. NaN where it is not known. */
  readonly lastStep: number;
}

/** TOTP, RFC 6238: SHA-1, six digits, 30 s, one step before and after; what every authenticator app supports. */
export const totp: Factor = {
  method: 'totp',
  amr: ['otp'],
  canBeGuessed: true,
  isEnrolled: ({ authenticators }) => ofKind(authenticators, kind).length > 0,
  isTakenBy: () => true,
  read: (input) => (form.test(input) ? input.replaceAll(' ', '') : undefined),

  match(account, code, context) {
    const matches = matchesOf(account, code, context);
    const [first] = matches;
    if (!first) return { is: 'wrong' };
    // The same key may stand there twice: a code of it counts once, whichever of them has seen it.
    if (matches.some(({ step, lastStep }) => step <= lastStep)) return { is: 'replayed' };
    const authenticators = account.authenticators.map((authenticator) => {
      const match = matches.find((other) => other.authenticator === authenticator);
      return match ? { ...authenticator, lastStep: match.step } : authenticator;
    });
    return { is: 'right', account: { ...account, authenticators }, authenticatorId: first.authenticator.id };
  },

  reseal(account, context) {
    let changed = false;
    const authenticators = account.authenticators.map((authenticator) => {
      const { secret } = totpState(authenticator);
      if (authenticator.kind !== kind || !isSealedWithOlderKey(secret, context.keyRing)) return authenticator;
      changed = true;
      const scope = totpScope(context);
      return { ...authenticator, secret: seal(open(secret, scope), scope) };
    });
    return changed ? { ...account, authenticators } : account;
  },
};

/**
 * The authenticator apps whose code of this moment this is, each with the step.
 *
 * @throws MfaError `secret_unreadable` where none of them can be asked.
 */
function matchesOf({ authenticators }: Account, code: string, context: ProofContext) {
  const matches: { authenticator: Authenticator; step: number; lastStep: number }[] = [];
  const asked = ofKind(authenticators, kind);
  const unreadable: unknown[] = [];
  for (const authenticator of asked) {
    try {
      const { secret, lastStep } = openState(authenticator, context);
      const step = matchingStep(secret, code, context.now);
      if (step !== undefined) matches.push({ authenticator, step, lastStep });
    } catch (error) {
      unreadable.push(error);
    }
  }
  if (asked.length > 0 && unreadable.length === asked.length) throw unreadable[0];
  return matches;
}

/** The part of an authenticator app that is its own. */
export function totpState(authenticator: Authenticator): TotpState {
  const secret = ownMember(authenticator, 'secret');
  const lastStep = ownMember(authenticator, 'lastStep');
  return {
    secret: typeof secret === 'string' ? secret : '',
    lastStep: Number.isSafeInteger(lastStep) && Number(lastStep) >= 0 ? Number(lastStep) : Number.NaN,
  };
}

/** The time step of a moment (`T` of RFC 6238 §4.2). */
export function timeStep(now: number): number {
  return Math.floor(now / stepMs);
}

/**
 * The step within ±1 of now whose code this is, the latest if several. All are computed and compared,
 * whichever matches: the time that this takes tells nothing.
 */
export function matchingStep(secret: Buffer, code: string, now: number): number | undefined {
  const submitted = Buffer.from(code);
  let match: number | undefined;
  for (let step = timeStep(now) - 1; step <= timeStep(now) + 1; step++) {
    if (timingSafeEqual(Buffer.from(hotp(secret, step)), submitted)) match = step;
  }
  return match;
}

/** How many steps this clock is behind the last code that was accepted, beyond what the window explains; 0 for none. */
export function stepsBehind({ authenticators }: Pick<Account, 'authenticators'>, now: number): number {
  const steps = ofKind(authenticators, kind).map((authenticator) => totpState(authenticator).lastStep);
  const ahead = Math.max(0, ...steps.filter(Number.isFinite)) - timeStep(now);
  return ahead > 2 ? ahead : 0;
}

/** An authenticator app from now on; no code of a step up to `lastStep` is accepted. */
export function newTotp(secret: Buffer, scope: TotpScope & { now: number; lastStep: number }): Authenticator {
  const { now, lastStep } = scope;
  return { id: shortId(), kind, name: '', addedAt: now, secret: seal(secret, totpScope(scope)), lastStep };
}

/** A key that is too short to be one, or of which nobody knows what was used, is as unreadable as a corrupt one. */
function openState(authenticator: Authenticator, scope: TotpScope): { secret: Buffer; lastStep: number } {
  const { secret: sealed, lastStep } = totpState(authenticator);
  const secret = open(sealed, totpScope(scope));
  const usable = secret.length >= minimumSecretBytes && Number.isSafeInteger(lastStep);
  if (!usable) throw new MfaError('secret_unreadable');
  return { secret, lastStep };
}

type TotpScope = Omit<SealScope, 'purpose'>;

/** What a user's secret is sealed for. */
export function totpScope({ keyRing, realm, user }: TotpScope): SealScope {
  return { keyRing, realm, user, purpose: 'totp secret' };
}
