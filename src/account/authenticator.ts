import * as v from 'valibot';
import { ownObject } from '../without-prototype.ts';

/** One thing that a person has and that proves it is them: an authenticator app, say. What its kind needs stands beside. */
export interface Authenticator {
  /** Random, and the account's own. */
  readonly id: string;
  /** `totp`, or one that another release knows: it proves nothing here, and is an authenticator all the same. */
  readonly kind: string;
  /** As the person called it; empty where nobody has. */
  readonly name: string;
  /** ms since the epoch. */
  readonly addedAt: number;
  /** When it last proved something, in ms since the epoch, where its kind has nothing else that says so. */
  readonly lastUsedAt?: number | undefined;
  readonly [member: string]: unknown;
}

const time = v.pipe(v.number(), v.finite());
const schema = ownObject({
  id: v.fallback(v.string(), ''),
  kind: v.fallback(v.string(), ''),
  name: v.fallback(v.string(), ''),
  addedAt: v.fallback(time, 0),
  lastUsedAt: v.fallback(v.optional(time), undefined),
});

/**
 * An authenticator as it is stored. Whatever is wrong with it, it stays one, so that nobody's second step is switched
 * off; and what this release does not know is kept.
 */
export function readAuthenticator(stored: unknown): Authenticator {
  const own = typeof stored === 'object' && stored !== null && !Array.isArray(stored) ? stored : {};
  return { ...own, ...v.parse(schema, own) };
}

/** The authenticators of a kind. */
export function ofKind(authenticators: readonly Authenticator[], kind: string): readonly Authenticator[] {
  return authenticators.filter((authenticator) => authenticator.kind === kind);
}
