import { type Kysely, sql } from 'kysely';
import { MfaConfigError } from '../errors.ts';
import { type AccountTables, dialectOf } from './kysely-table.ts';
import type { AccountToStore, MfaStore } from './store.ts';

export { createMfaTable } from './kysely-table.ts';

/** As wide as the column is where a database wants a width, in bytes. */
const longestUserId = 512;
/** Names a query, so that a list of millions is neither one answer nor one lock. */
const pageSize = 1_000;

/**
 * Accounts in a table of PostgreSQL, MySQL, MariaDB or SQLite, whose dialect and connections are the host's.
 * The table is made by {@link createMfaTable} or by the SQL in docs/stores.md. Hand over the database itself,
 * and no transaction: every write stands for itself, and every read has to see it.
 *
 * @throws MfaConfigError where it is no instance of Kysely, another database, or a transaction.
 */
// biome-ignore lint/suspicious/noExplicitAny: Kysely's types are exact, and the host's other tables do not matter here.
export function kyselyMfaStore(db: Kysely<any>): MfaStore {
  if (typeof Object(db).getExecutor !== 'function')
    throw new MfaConfigError('Hand `kyselyMfaStore` an instance of Kysely: new Kysely({ dialect }), say.');
  if (db.isTransaction)
    throw new MfaConfigError(
      'Hand `kyselyMfaStore` the database itself: what a transaction writes can be undone.',
    );
  const accounts: Kysely<AccountTables> = db;
  const countsConflicts = dialectOf(db) !== 'mysql';

  /** MySQL has no ON CONFLICT, and its IGNORE would cut off what is too long. */
  async function insert(userId: string, next: AccountToStore): Promise<boolean> {
    const query = accounts.insertInto('mfa_accounts').values({ user_id: userId, ...columnsOf(next) });
    const kept = countsConflicts ? query.onConflict((conflict) => conflict.doNothing()) : query;
    const { numInsertedOrUpdatedRows } = await kept.executeTakeFirst();
    return numInsertedOrUpdatedRows === 1n;
  }

  async function update(userId: string, next: AccountToStore, expected: string): Promise<boolean> {
    const { numUpdatedRows } = await accounts
      .updateTable('mfa_accounts')
      .set(columnsOf(next))
      .where('user_id', '=', userId)
      .where('version', '=', expected)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  return {
    get(userId) {
      return accounts
        .selectFrom('mfa_accounts')
        .select(['version', 'data'])
        .where('user_id', '=', userId)
        .executeTakeFirst();
    },
    async put(userId, next, expected) {
      if (Buffer.byteLength(userId) > longestUserId)
        throw new RangeError(`A user id has at most ${longestUserId} bytes.`);
      try {
        return expected === undefined ? await insert(userId, next) : await update(userId, next, expected);
      } catch (error) {
        if (hasLost(error)) return false;
        throw error;
      }
    },
    async delete(userId) {
      await accounts.deleteFrom('mfa_accounts').where('user_id', '=', userId).execute();
    },
    async *list() {
      let last: string | undefined;
      for (;;) {
        let page = accounts
          .selectFrom('mfa_accounts')
          .select('user_id as name')
          .orderBy('user_id')
          .limit(pageSize);
        if (last !== undefined) page = page.where('user_id', '>', last);
        // MySQL keeps names as bytes, and gives them back as such.
        const names = (await page.execute()).map(({ name }) => String(name));
        yield* names;
        last = names.at(-1);
        if (names.length < pageSize) return;
      }
    },
  };
}

function columnsOf({ version, data, enrolled }: AccountToStore) {
  // Written out, since drivers differ in what they make of a boolean and of a date.
  const flag = enrolled ? sql<boolean>`true` : sql<boolean>`false`;
  return { version, data, enrolled: flag, updated_at: sql<string>`current_timestamp` };
}

/** The codes by which a database says: somebody was first, and nothing of this statement was done. */
const lost: ReadonlySet<unknown> = new Set([
  // PostgreSQL: a serialization failure, a deadlock.
  '40001',
  '40P01',
  // MySQL and MariaDB: the row is there already; a deadlock; the row has changed since it was read.
  1062,
  1213,
  1020,
]);

function hasLost(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  return lost.has(Reflect.get(error, 'errno')) || lost.has(Reflect.get(error, 'code'));
}
