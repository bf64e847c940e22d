import { withoutPrototype } from '../without-prototype.ts';

/** A record of schema version 1 as one of version 2; anything else as it is, for the schema to judge. */
export function upgradeRecord(stored: unknown): unknown {
  if (typeof stored !== 'object' || stored === null || !Object.hasOwn(stored, 'v')) return stored;
  if (!('v' in stored) || stored.v !== 1) return stored;
  const { v: _version, totp, usedLogins, ...rest } = withoutPrototype<Record<string, unknown>>({ ...stored });
  const authenticators = Object.hasOwn(stored, 'totp') ? [authenticatorOf(totp)] : [];
  return { ...rest, v: 2, authenticators, used: usedLogins };
}

/**
 * Whatever is wrong inside `totp`, it is an authenticator; what can still be read of it is kept. There can be only one, and
 * its id is the same at each reading.
 */
function authenticatorOf(totp: unknown): object {
  const own = typeof totp === 'object' && totp !== null && !Array.isArray(totp) ? totp : {};
  const { enrolledAt, ...rest } = withoutPrototype<Record<string, unknown>>({ ...own });
  return { id: 'totp', kind: 'totp', addedAt: enrolledAt, ...rest };
}
