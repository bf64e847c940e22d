import { type ColumnDataType, type Kysely, type RawBuilder, sql } from 'kysely';
import { MfaConfigError } from '../errors.ts';

/** What `kyselyMfaStore` works with. */
export interface AccountTables {
  mfa_accounts: {
    user_id: string;
    version: string;
    data: string;
    /** Whether this user's logins have a second step: for queries of the host's own. */
    enrolled: boolean;
    updated_at: string;
  };
}

type Dialect = 'postgres' | 'mysql' | 'sqlite';
type ColumnType = ColumnDataType | RawBuilder<unknown>;

/**
 * Names and versions are compared byte by byte: in a column with a collation, `Ada` could be `ada`, and a name
 * with a blank at its end the one without.
 */
const columnTypes: Record<Dialect, Record<keyof AccountTables['mfa_accounts'], ColumnType>> = {
  postgres: {
    user_id: sql`text collate "C"`,
    version: 'text',
    data: 'text',
    enrolled: 'boolean',
    updated_at: 'timestamptz',
  },
  mysql: {
    user_id: sql`varbinary(512)`,
    version: sql`varchar(64) character set ascii collate ascii_bin`,
    data: sql`longtext character set utf8mb4 collate utf8mb4_bin`,
    enrolled: 'boolean',
    updated_at: 'timestamp',
  },
  sqlite: { user_id: 'text', version: 'text', data: 'text', enrolled: 'boolean', updated_at: 'text' },
};

/** Every second step writes its row anew: within the page, where it has room, and then the index stays as it is. */
const roomForUpdates = sql`with (fillfactor = 80)`;

/**
 * Makes the table `mfa_accounts`: call it in a migration of yours (`up`). It fails where the table is there
 * already. Nothing else in this package changes a schema.
 */
// biome-ignore lint/suspicious/noExplicitAny: a migration's database has no types.
export async function createMfaTable(db: Kysely<any>): Promise<void> {
  const dialect = dialectOf(db);
  const types = columnTypes[dialect];
  await db.schema
    .createTable('mfa_accounts')
    .addColumn('user_id', types.user_id, (column) => column.notNull().primaryKey())
    .addColumn('version', types.version, (column) => column.notNull())
    .addColumn('data', types.data, (column) => column.notNull())
    .addColumn('enrolled', types.enrolled, (column) => column.notNull())
    .addColumn('updated_at', types.updated_at, (column) => column.notNull())
    .$call((table) => (dialect === 'postgres' ? table.modifyEnd(roomForUpdates) : table))
    .execute();
}

/**
 * By what the dialect says of itself, and not by its class: there may be two copies of Kysely.
 *
 * @throws MfaConfigError where it is another one, as that of SQL Server.
 */
// biome-ignore lint/suspicious/noExplicitAny: whatever tables it has.
export function dialectOf(db: Kysely<any>): Dialect {
  const { supportsReturning, supportsTransactionalDdl } = db.getExecutor().adapter;
  if (supportsReturning) return supportsTransactionalDdl ? 'postgres' : 'sqlite';
  if (!supportsTransactionalDdl) return 'mysql';
  throw new MfaConfigError('Use PostgreSQL, MySQL, MariaDB or SQLite for `kyselyMfaStore`.');
}
