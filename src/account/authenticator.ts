import { ownMember } from '../without-prototype.ts';

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

/**
 * An authenticator out of a record that was just parsed, in place. Whatever is wrong with it, it stays one, so that nobody's
 * second step is switched off; and what this release does not know is kept.
 */
export function readAuthenticator(stored: unknown): Authenticator {
  const isOne = typeof stored === 'object' && stored !== null && !Array.isArray(stored);
  const own: object = isOne ? stored : {};
  return Object.assign(own, {
    id: text(ownMember(own, 'id')),
    kind: text(ownMember(own, 'kind')),
    name: text(ownMember(own, 'name')),
    addedAt: time(ownMember(own, 'addedAt')) ?? 0,
    lastUsedAt: time(ownMember(own, 'lastUsedAt')),
  });
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const time = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

/** The authenticators of a kind. */
export function ofKind(authenticators: readonly Authenticator[], kind: string): readonly Authenticator[] {
  return authenticators.filter((authenticator) => authenticator.kind === kind);
}
