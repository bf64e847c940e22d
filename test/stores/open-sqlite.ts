import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely, SqliteDialect, sql } from 'kysely';
import Database from 'libsql';

/** A database file of its own. */
export interface SqliteFile {
  readonly path: string;
  remove(): Promise<void>;
}

export async function createSqliteFile(): Promise<SqliteFile> {
  const directory = await mkdtemp(join(tmpdir(), 'express-mfa-sqlite-'));
  return {
    path: join(directory, 'accounts.db'),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

/** One connection, as a host would set it up: others may be writing, and what is written is on the disk. */
export async function openSqlite(path: string): Promise<Kysely<unknown>> {
  const db = new Kysely<unknown>({ dialect: new SqliteDialect({ database: new Database(path) }) });
  await sql`pragma busy_timeout = 5000`.execute(db);
  await sql`pragma journal_mode = wal`.execute(db);
  await sql`pragma synchronous = full`.execute(db);
  return db;
}
