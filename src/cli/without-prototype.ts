/**
 * A copy that has the members of `given` itself and no others: what somebody has put on `Object.prototype` is
 * neither read from it by name nor found by a loop over it.
 */
export function withoutPrototype<T extends object>(given: T): T {
  return Object.assign(Object.create(null), given);
}
