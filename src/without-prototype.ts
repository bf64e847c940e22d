import * as v from 'valibot';

/**
 * A copy that has the members of `given` itself and no others: what somebody has put on `Object.prototype` is
 * neither read from it by name nor found by a loop over it.
 */
export function withoutPrototype<T extends object>(given: T): T {
  return Object.assign(Object.create(null), given);
}

/** A member of the object's own, and not one that somebody has put on `Object.prototype`. */
export function ownMember(given: object, name: string): unknown {
  return Object.hasOwn(given, name) ? (given as Record<string, unknown>)[name] : undefined;
}

/** An object as a schema gets to see it. */
function anObject(message: string) {
  return v.custom<object>((value) => typeof value === 'object' && value !== null, message);
}

/**
 * As `v.object`, of own members alone; in what it gives, each entry is a member of its own, be it undefined. The schema sees
 * a copy in which none is missing, so that none is looked for in the prototype.
 */
export function ownObject<const Entries extends v.ObjectEntries>(entries: Entries) {
  const missing = Object.fromEntries(Object.keys(entries).map((key) => [key, undefined]));
  return v.pipe(
    anObject('must be an object'),
    v.transform((given) => ({ ...missing, ...given })),
    v.object(bare(entries)),
  );
}

/** Entries as a schema loops over them. Unlike an object that is made without a prototype, one that loses it stays fast. */
function bare<Entries extends v.ObjectEntries>(entries: Entries): Entries {
  return Object.setPrototypeOf({ ...entries }, null);
}

/** As `v.strictObject`, of own members alone. */
export function strictOwnObject<const Entries extends v.ObjectEntries>(
  entries: Entries,
  message: string | v.ErrorMessage<v.StrictObjectIssue>,
) {
  const otherwise = typeof message === 'string' ? message : 'must be an object';
  return v.pipe(anObject(otherwise), v.transform(withoutPrototype), v.strictObject(bare(entries), message));
}
