import * as v from 'valibot';

/**
 * A copy that has the members of `given` itself and no others: what somebody has put on `Object.prototype` is
 * neither read from it by name nor found by a loop over it.
 */
export function withoutPrototype<T extends object>(given: T): T {
  return Object.assign(Object.create(null), given);
}

/** An object as a schema gets to see it: its own members. */
function ownMembers(message: string) {
  return v.pipe(
    v.custom<object>((value) => typeof value === 'object' && value !== null, message),
    v.transform(withoutPrototype),
  );
}

/** As `v.object`, of own members alone; in what it gives, each entry is a member of its own, be it undefined. */
export function ownObject<const Entries extends v.ObjectEntries>(entries: Entries) {
  const missing = Object.fromEntries(Object.keys(entries).map((key) => [key, undefined]));
  const schema = v.object(withoutPrototype(entries));
  type Output = v.InferOutput<typeof schema>;
  return v.pipe(
    ownMembers('must be an object'),
    schema,
    v.transform((output): Output => Object.assign({ ...missing }, output)),
  );
}

/** As `v.strictObject`, of own members alone. */
export function strictOwnObject<const Entries extends v.ObjectEntries>(
  entries: Entries,
  message: string | v.ErrorMessage<v.StrictObjectIssue>,
) {
  const otherwise = typeof message === 'string' ? message : 'must be an object';
  return v.pipe(ownMembers(otherwise), v.strictObject(withoutPrototype(entries), message));
}
