import { and, eq, gt } from 'drizzle-orm';
import type { NodePgDatabase } from 'drizzle-orm/node-postgres';
import { boolean, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import type { MfaStore } from 'express-mfa';

const accounts = pgTable('mfa_accounts', {
  userId: text('user_id').primaryKey(),
  version: text().notNull(),
  data: text().notNull(),
  enrolled: boolean().notNull(),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull(),
});
const { userId: id, version, data } = accounts;

export function drizzleMfaStore(db: NodePgDatabase): MfaStore {
  return {
    async get(userId) {
      const rows = await db.select({ version, data }).from(accounts).where(eq(id, userId));
      return rows[0];
    },
    async put(userId, next, expected) {
      const columns = { ...next, updatedAt: new Date() };
      const written =
        expected === undefined
          ? db
              .insert(accounts)
              .values({ userId, ...columns })
              .onConflictDoNothing()
              .returning({ id })
          : db
              .update(accounts)
              .set(columns)
              .where(and(eq(id, userId), eq(version, expected)))
              .returning({ id });
      return (await written).length === 1;
    },
    async delete(userId) {
      await db.delete(accounts).where(eq(id, userId));
    },
    async *list() {
      for (let last = '', size = 1_000; size === 1_000; ) {
        const rows = await db.select({ id }).from(accounts).where(gt(id, last)).orderBy(id).limit(1_000);
        const names = rows.map((row) => row.id);
        yield* names;
        last = names.at(-1) ?? last;
        size = names.length;
      }
    },
  };
}
