import { createHash } from 'node:crypto';
import { createMfaTable } from 'express-mfa/kysely';
import { Kysely, PostgresDialect } from 'kysely';
import { Pool } from 'pg';

/** A schema of its own on a server, with the table in it: two who name the same one share it. */
export async function openPostgres(url: string, name: string): Promise<Kysely<unknown>> {
  const schema = `test_${createHash('sha256').update(name).digest('hex').slice(0, 16)}`;
  const pool = new Pool({ connectionString: url, max: 5, connectionTimeoutMillis: 1_000, keepAlive: true });
  // A connection that is cut while nobody uses it, which is the point of some tests.
  pool.on('error', () => undefined);
  // And one that is cut while a query is under way: the pool does not listen then, and `pg` would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  await db.schema.createSchema(schema).ifNotExists().execute();
  const own = db.withSchema(schema);
  await createMfaTable(own).catch(passIfItIsThere);
  return own;
}

function passIfItIsThere(error: unknown): void {
  // Another one made it before (42P07) or at the same time (23505).
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== '42P07' && code !== '23505') throw error;
}
