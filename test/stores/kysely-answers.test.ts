import { expect, test } from '@jest/globals';
import { kyselyMfaStore } from 'express-mfa/kysely';
import {
  type DatabaseConnection,
  type DialectAdapter,
  DummyDriver,
  Kysely,
  MssqlAdapter,
  MysqlAdapter,
  MysqlQueryCompiler,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely';

/** A database that answers every query in the same way. */
function databaseOf(adapter: DialectAdapter, answer: DatabaseConnection['executeQuery']): Kysely<unknown> {
  class Driver extends DummyDriver {
    override async acquireConnection(): Promise<DatabaseConnection> {
      return {
        executeQuery: answer,
        streamQuery: () => {
          throw new Error('Nothing is streamed.');
        },
      };
    }
  }
  return new Kysely<unknown>({
    dialect: {
      createAdapter: () => adapter,
      createDriver: () => new Driver(),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () =>
        adapter instanceof MysqlAdapter ? new MysqlQueryCompiler() : new PostgresQueryCompiler(),
    },
  });
}
const failing = (error: unknown, adapter: DialectAdapter = new PostgresAdapter()) =>
  kyselyMfaStore(databaseOf(adapter, () => Promise.reject(error)));
const account = { version: 'v', data: '{}', enrolled: true };

test.each<[string, object, DialectAdapter]>([
  ['a serialization failure', { code: '40001' }, new PostgresAdapter()],
  ['a deadlock', { code: '40P01' }, new PostgresAdapter()],
  ['a duplicate', { errno: 1062, code: 'ER_DUP_ENTRY' }, new MysqlAdapter()],
  ['a deadlock of MySQL', { errno: 1213 }, new MysqlAdapter()],
  ['a row that has changed since it was read', { errno: 1020 }, new MysqlAdapter()],
])('%s is a race that was lost: nothing of the statement was done', async (_, details, adapter) => {
  const store = failing(Object.assign(new Error('refused'), details), adapter);
  expect(await store.put('A', account, undefined)).toBe(false);
  expect(await store.put('A', account, 'before')).toBe(false);
});

test.each<[unknown]>([
  [Object.assign(new Error('gone'), { code: '57P01' })],
  [Object.assign(new Error('gone'), { code: 'ECONNRESET' })],
  [Object.assign(new Error('read only'), { errno: 1290 })],
  [new Error('no code at all')],
  ['a text'],
  [null],
])('any other failure is passed on, since nobody knows what was done: %p', async (error) => {
  const store = failing(error);
  await expect(store.put('A', account, undefined)).rejects.toBe(error);
  await expect(store.put('A', account, 'before')).rejects.toBe(error);
  await expect(store.get('A')).rejects.toBe(error);
  await expect(store.delete('A')).rejects.toBe(error);
});

test.each([undefined, 0n, 2n])('a driver that counts %p rows has not written one account', async (count) => {
  const result = count === undefined ? { rows: [] } : { rows: [], numAffectedRows: count };
  const store = kyselyMfaStore(databaseOf(new PostgresAdapter(), async () => result));
  expect(await store.put('A', account, undefined)).toBe(false);
  expect(await store.put('A', account, 'before')).toBe(false);
});

test.each<[string, DialectAdapter, RegExp | undefined]>([
  ['MySQL and MariaDB', new MysqlAdapter(), undefined],
  ['PostgreSQL', new PostgresAdapter(), / on conflict do nothing$/],
])('a new account of %s is inserted in a way that this database knows', async (_, adapter, end) => {
  const asked: string[] = [];
  const db = databaseOf(adapter, async ({ sql }) => {
    asked.push(sql);
    return { rows: [], numAffectedRows: 1n };
  });
  expect(await kyselyMfaStore(db).put('A', account, undefined)).toBe(true);
  expect(asked).toEqual([expect.stringMatching(/^insert into .mfa_accounts./)]);
  if (end) expect(asked[0]).toMatch(end);
  else expect(asked[0]).not.toMatch(/conflict|ignore|duplicate/i);
});

test('a user id of 512 bytes is written, and of one more is refused unasked', async () => {
  let asked = 0;
  const db = databaseOf(new PostgresAdapter(), async () => {
    asked++;
    return { rows: [], numAffectedRows: 1n };
  });
  const store = kyselyMfaStore(db);
  expect(await store.put('ü'.repeat(256), account, undefined)).toBe(true);
  await expect(store.put(`${'ü'.repeat(256)}u`, account, undefined)).rejects.toThrow(RangeError);
  expect(asked).toBe(1);
});

test('SQL Server is refused when the app starts', () => {
  expect(() => failing(new Error('never asked'), new MssqlAdapter())).toThrow(
    'Use PostgreSQL, MySQL, MariaDB or SQLite for `kyselyMfaStore`.',
  );
});

test.each([undefined, {}, 'postgres://localhost'])(
  '%p is no instance of Kysely, and is refused at start',
  (db) => {
    expect(() => kyselyMfaStore(db as unknown as Parameters<typeof kyselyMfaStore>[0])).toThrow(
      'Hand `kyselyMfaStore` an instance of Kysely',
    );
  },
);
