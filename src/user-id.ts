/** The host's name for a user: a non-empty string or a safe integer. `7` and `'7'` are the same user. */
export type UserId = string | number;

/**
 * The form of a user id under which everything is stored and compared.
 *
 * @throws TypeError where `userId` is neither a non-empty, well-formed string nor a safe integer.
 */
export function userKey(userId: UserId): string {
  // A lone surrogate is written as U+FFFD by every database: two such ids would be one account.
  // A NUL ends a text in some, and is refused by others.
  if (isUserId(userId)) return String(userId);
  throw new TypeError('Pass the user id as a non-empty string or a safe integer, as your user table has it.');
}

/** Whether `value` can be a user id. */
export function isUserId(value: unknown): value is UserId {
  if (typeof value !== 'string') return Number.isSafeInteger(value);
  return value !== '' && value.isWellFormed() && !value.includes('\0');
}

/**
 * The name under which a store keeps a user of a realm. One to one: an id of the realm-less router that
 * contains a colon is written behind an empty realm, so that no customer named `admin:7` becomes admin 7.
 */
export function accountKey(realm: string, userId: UserId): string {
  const key = userKey(userId);
  return realm === '' && !key.includes(':') ? key : `${realm}:${key}`;
}

/** The user whose name {@link accountKey} gives; undefined where it is not one of this realm. */
export function userOfAccountKey(realm: string, key: string): string | undefined {
  const colon = key.indexOf(':');
  const user = colon === -1 ? key : key.slice(colon + 1);
  return isUserId(user) && accountKey(realm, user) === key ? user : undefined;
}
