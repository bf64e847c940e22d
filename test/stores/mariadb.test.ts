import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { kyselyMfaStore } from 'express-mfa/kysely';
import { type Kysely, sql } from 'kysely';
import { describeWithDatabase } from '../servers/describe-with-database.ts';
import { type MariadbServer, startMariadbServer } from '../servers/mariadb-server.ts';
import { openMariadb } from './open-mariadb.ts';
import { severalConnections } from './several-connections.ts';
import { testStore } from './test-store.ts';

describeWithDatabase('MariaDB', () => {
  let server: MariadbServer;
  let db: Kysely<unknown>;
  const connections = severalConnections(() => openMariadb(server.url, 'contract'));
  beforeAll(async () => {
    server = await startMariadbServer();
    db = await connections.next();
  });
  afterAll(async () => {
    await connections.close();
    await server.stop();
  });

  testStore(async () => kyselyMfaStore(await connections.next()));

  const account = { version: 'v', data: '{}', enrolled: true };

  test('where the server cuts off what is too long, nothing is taken for the account of another', async () => {
    await sql`set global sql_mode = ''`.execute(db);
    const store = kyselyMfaStore(await connections.next());
    expect(await store.put('x'.repeat(512), account, undefined)).toBe(true);
    await expect(store.put('x'.repeat(513), account, undefined)).rejects.toThrow(RangeError);
    expect(await store.get('x'.repeat(513))).toBeUndefined();
    await sql`set global sql_mode = default`.execute(db);
  });

  test('who has a second step can be asked of the table', async () => {
    const store = kyselyMfaStore(db);
    await store.put('has', account, undefined);
    await store.put('had', { ...account, enrolled: false }, undefined);
    const { rows } = await sql<{ user_id: unknown }>`
    select user_id from mfa_accounts where not enrolled and user_id in ('has', 'had')`.execute(db);
    expect(rows.map(({ user_id }) => String(user_id))).toEqual(['had']);
  });
});
