import type { MfaStore } from 'express-mfa';
import type { Knex } from 'knex';

export function knexMfaStore(knex: Knex): MfaStore {
  const accounts = () => knex('mfa_accounts');
  return {
    get(userId) {
      return accounts().first('version', 'data').where({ user_id: userId });
    },
    async put(userId, { version, data, enrolled }, expected) {
      const columns = { version, data, enrolled, updated_at: knex.fn.now() };
      if (expected !== undefined) {
        return (await accounts().where({ user_id: userId, version: expected }).update(columns)) === 1;
      }
      try {
        await accounts().insert({ user_id: userId, ...columns });
        return true;
      } catch (error) {
        if (isDuplicate(error)) return false;
        throw error;
      }
    },
    async delete(userId) {
      await accounts().where({ user_id: userId }).delete();
    },
    async *list() {
      for (let last = '', size = 1_000; size === 1_000; ) {
        const rows = await accounts()
          .select('user_id')
          .where('user_id', '>', last)
          .orderBy('user_id')
          .limit(1_000);
        const names = rows.map((row) => String(row.user_id));
        yield* names;
        last = names.at(-1) ?? last;
        size = names.length;
      }
    },
  };
}

/** The row is there already: in PostgreSQL, in MySQL and MariaDB, in SQLite. */
function isDuplicate(error: unknown): boolean {
  const codes: unknown[] = ['23505', 'ER_DUP_ENTRY', 'SQLITE_CONSTRAINT_PRIMARYKEY'];
  return error instanceof Error && 'code' in error && codes.includes(error.code);
}
