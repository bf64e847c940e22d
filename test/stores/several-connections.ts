import type { Kysely } from 'kysely';

/** Databases to ask in turn, each with connections of its own. */
export interface SeveralConnections {
  next(): Promise<Kysely<unknown>>;
  close(): Promise<void>;
}

/** Opens five, as they are asked for. */
export function severalConnections(open: () => Promise<Kysely<unknown>>): SeveralConnections {
  const opened: Promise<Kysely<unknown>>[] = [];
  let asked = 0;
  return {
    next() {
      const number = asked++ % 5;
      opened[number] ??= open();
      return opened[number];
    },
    async close() {
      await Promise.all(opened.map(async (db) => (await db).destroy()));
    },
  };
}
