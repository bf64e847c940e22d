/** A record of schema version 1 as one of version 2; anything else as it is, for the schema to judge. */
export function upgradeRecord(stored: unknown): unknown {
  if (typeof stored !== 'object' || stored === null || !Object.hasOwn(stored, 'v')) return stored;
  const { v: version, totp, usedLogins, ...rest } = Object.assign(Object.create(null), stored);
  if (version !== 1) return stored;
  const authenticators = Object.hasOwn(stored, 'totp') ? [authenticatorOf(totp)] : [];
  return { ...rest, v: 2, authenticators, used: usedLogins };
}

/**
 * Whatever is wrong inside `totp`, it is an authenticator; what can still be read of it is kept. There can be only one, and
 * its id is the same at each reading.
 */
function authenticatorOf(totp: unknown): object {
  const own = typeof totp === 'object' && totp !== null && !Array.isArray(totp) ? totp : {};
  const { enrolledAt, ...rest } = Object.assign(Object.create(null), own);
  return { id: 'totp', kind: 'totp', addedAt: enrolledAt, ...rest };
}
