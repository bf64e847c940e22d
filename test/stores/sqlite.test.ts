import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createMfaTable, kyselyMfaStore } from 'express-mfa/kysely';
import { sql } from 'kysely';
import { createSqliteFile, openSqlite, type SqliteFile } from './open-sqlite.ts';
import { severalConnections } from './several-connections.ts';
import { testStore } from './test-store.ts';

let file: SqliteFile;
const connections = severalConnections(() => openSqlite(file.path));
beforeAll(async () => {
  file = await createSqliteFile();
  await createMfaTable(await connections.next());
});
afterAll(async () => {
  await connections.close();
  await file.remove();
});

testStore(async () => kyselyMfaStore(await connections.next()));

test('who has a second step can be asked of the table', async () => {
  const db = await connections.next();
  const store = kyselyMfaStore(db);
  await store.put('has', { version: '1', data: '{}', enrolled: true }, undefined);
  await store.put('had', { version: '1', data: '{}', enrolled: true }, undefined);
  await store.put('had', { version: '2', data: '{}', enrolled: false }, '1');
  const { rows } = await sql<{ user_id: string }>`
    select user_id from mfa_accounts where not enrolled and user_id in ('has', 'had')`.execute(db);
  expect(rows).toEqual([{ user_id: 'had' }]);
});
