import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createMfaTable, kyselyMfaStore } from 'express-mfa/kysely';
import { type Kysely, sql } from 'kysely';
import { createSqliteFile, openSqlite, type SqliteFile } from './open-sqlite.ts';
import { testStore } from './test-store.ts';

let file: SqliteFile;
const connections: Kysely<unknown>[] = [];
async function connect(): Promise<Kysely<unknown>> {
  const db = await openSqlite(file.path);
  connections.push(db);
  return db;
}
beforeAll(async () => {
  file = await createSqliteFile();
  await createMfaTable(await connect());
});
afterAll(async () => {
  await Promise.all(connections.map((db) => db.destroy()));
  await file.remove();
});

testStore(async () => kyselyMfaStore(await connect()));

test('who has a second step can be asked of the table', async () => {
  const db = await connect();
  const store = kyselyMfaStore(db);
  await store.put('has', { version: '1', data: '{}', enrolled: true }, undefined);
  await store.put('had', { version: '1', data: '{}', enrolled: true }, undefined);
  await store.put('had', { version: '2', data: '{}', enrolled: false }, '1');
  const { rows } = await sql<{ user_id: string }>`
    select user_id from mfa_accounts where not enrolled and user_id in ('has', 'had')`.execute(db);
  expect(rows).toEqual([{ user_id: 'had' }]);
});
