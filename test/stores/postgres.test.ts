import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createMfaTable, kyselyMfaStore } from 'express-mfa/kysely';
import { CamelCasePlugin, type Kysely, sql } from 'kysely';
import { describeWithDatabase } from '../servers/describe-with-database.ts';
import { type PostgresServer, startPostgresServer } from '../servers/postgres-server.ts';
import { until } from '../servers/until.ts';
import { openPostgres } from './open-postgres.ts';
import { severalConnections } from './several-connections.ts';
import { testStore } from './test-store.ts';

describeWithDatabase('PostgreSQL', () => {
  let server: PostgresServer;
  let db: Kysely<unknown>;
  const connections = severalConnections(() => openPostgres(server.url, 'contract'));
  beforeAll(async () => {
    server = await startPostgresServer();
    db = await connections.next();
  });
  afterAll(async () => {
    await connections.close();
    await server.stop();
  });

  testStore(async () => kyselyMfaStore(await connections.next()));

  const account = (version: string, enrolled = true) => ({ version, data: '{}', enrolled });

  test('who has a second step can be asked of the table, and since when nothing changed', async () => {
    const store = kyselyMfaStore(db);
    await store.put('has', account('1'), undefined);
    await store.put('had', account('1'), undefined);
    await store.put('had', account('2', false), '1');
    const rows = await db
      .withTables<{ mfa_accounts: { user_id: string; enrolled: boolean; updated_at: Date } }>()
      .selectFrom('mfa_accounts')
      .select(['user_id', 'updated_at'])
      .where('enrolled', '=', false)
      .where('user_id', 'in', ['has', 'had'])
      .execute();
    expect(rows).toEqual([{ user_id: 'had', updated_at: expect.any(Date) }]);
  });

  test('a write that loses under serializable isolation has lost, and is no fault', async () => {
    await sql`alter role postgres set default_transaction_isolation = 'serializable'`.execute(db);
    const strict = await Promise.all(Array.from({ length: 4 }, () => openPostgres(server.url, 'contract')));
    const stores = strict.map(kyselyMfaStore);
    await stores[0]?.put('strict', account('first'), undefined);
    let expected = 'first';
    for (let round = 0; round < 20; round++) {
      const tries = stores.flatMap((store, number) => [
        { store, next: account(`${round} ${number} a`) },
        { store, next: account(`${round} ${number} b`) },
      ]);
      const won = await Promise.all(tries.map(({ store, next }) => store.put('strict', next, expected)));
      expect(won.filter((answer) => answer)).toHaveLength(1);
      expected = tries[won.indexOf(true)]?.next.version ?? '';
    }
    await sql`alter role postgres reset default_transaction_isolation`.execute(db);
    await Promise.all(strict.map((each) => each.destroy()));
  });

  test('a host whose names are in camel case has the same table', async () => {
    const store = kyselyMfaStore(db.withPlugin(new CamelCasePlugin()));
    expect(await store.put('camel', account('1'), undefined)).toBe(true);
    expect(await kyselyMfaStore(db).get('camel')).toEqual({ version: '1', data: '{}' });
    const names: string[] = [];
    for await (const name of store.list?.() ?? []) names.push(name);
    expect(names).toContain('camel');
  });

  test('a transaction is refused: what it writes can be undone', async () => {
    await db.transaction().execute(async (transaction) => {
      expect(() => kyselyMfaStore(transaction)).toThrow('the database itself');
    });
  });

  test('the table is made once, and a second time is an error of the database', async () => {
    await expect(createMfaTable(db)).rejects.toMatchObject({ code: '42P07' });
  });

  test('a second step finds room in the page of its account: the index is not written', async () => {
    const own = await openPostgres(server.url, 'room for updates');
    const store = kyselyMfaStore(own);
    const data = JSON.stringify('x'.repeat(1_150));
    const users = Array.from({ length: 100 }, (_, number) => `user ${number}`);
    for (const user of users) await store.put(user, { version: '1', data, enrolled: true }, undefined);
    for (const user of users) await store.put(user, { version: '2', data, enrolled: true }, '1');
    let withinThePage = 0;
    await until('The statistics were not told.', async () => {
      await sql`select pg_stat_force_next_flush()`.execute(own);
      const { rows } = await sql<{ hot: number }>`
        select n_tup_hot_upd::int as hot from pg_stat_user_tables
        where relname = 'mfa_accounts' and n_tup_upd = ${users.length}
      `.execute(own);
      withinThePage = rows[0]?.hot ?? 0;
      return rows.length === 1;
    });
    expect(withinThePage).toBeGreaterThan(90);
    await own.destroy();
  });

  test('a name of more than 512 bytes is refused before the database is asked', async () => {
    const store = kyselyMfaStore(db);
    await expect(store.put('ü'.repeat(257), account('1'), undefined)).rejects.toThrow(RangeError);
    expect(await store.put('ü'.repeat(256), account('1'), undefined)).toBe(true);
  });
});
