import { createHash } from 'node:crypto';
import { createMfaTable } from 'express-mfa/kysely';
import { Kysely, MysqlDialect, sql } from 'kysely';
import { createPool } from 'mysql2';

/** A database of its own on a server, with the table in it: two who name the same one share it. */
export async function openMariadb(url: string, name: string): Promise<Kysely<unknown>> {
  const database = `test_${createHash('sha256').update(name).digest('hex').slice(0, 16)}`;
  const server = new Kysely<unknown>({ dialect: new MysqlDialect({ pool: createPool({ uri: url }) }) });
  await sql`create database if not exists ${sql.id(database)}`.execute(server);
  await server.destroy();
  const uri = new URL(url);
  uri.pathname = database;
  const pool = createPool({ uri: uri.href, connectionLimit: 5, connectTimeout: 1_000 });
  const db = new Kysely<unknown>({ dialect: new MysqlDialect({ pool }) });
  await createMfaTable(db).catch(passIfItIsThere);
  return db;
}

function passIfItIsThere(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ER_TABLE_EXISTS_ERROR')) throw error;
}
