/** Gives one after the other, again and again. */
export function inTurn<T>(all: readonly T[]): () => T {
  let asked = 0;
  return () => {
    const next = all[asked++ % all.length];
    if (next === undefined) throw new Error('There is nothing to give.');
    return next;
  };
}
