import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type MfaStore, memoryMfaStore } from 'express-mfa';
import { createMfaTable } from 'express-mfa/kysely';
import { type Dialect, DummyDriver, Kysely, MysqlDialect, PostgresDialect, SqliteDialect, sql } from 'kysely';
import { createTestRedis } from '../app/create-test-redis.ts';
import { describeWithDatabase } from '../servers/describe-with-database.ts';
import { startMariadbServer } from '../servers/mariadb-server.ts';
import { startPostgresServer } from '../servers/postgres-server.ts';
import { createSqliteFile } from '../stores/open-sqlite.ts';
import { generated } from './examples/stores/prisma-client.ts';
import { tableOf } from './examples/stores/table-of.ts';
import { type BlockOutcome, runDocBlock } from './run-doc-block.ts';

const root = join(__dirname, '..', '..');
const page = readFileSync(join(root, 'docs', 'stores.md'), 'utf8');
const blocks = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = '']) => code);

const toClose: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of toClose.splice(0).reverse()) await close();
});

function blockWith(words: string): string {
  const found = blocks.filter((block) => block.includes(words));
  expect(found).toHaveLength(1);
  return found[0] ?? '';
}

test.each(['knex', 'drizzle', 'prisma', 'mongo'])(
  'the %s adapter of the page is the example, to the letter',
  (name) => {
    const example = readFileSync(join(root, 'examples', 'stores', `${name}-store.ts`), 'utf8');
    expect(blockWith(`function ${name}MfaStore`)).toBe(example);
  },
);

test('the Prisma schema of the page is the one that the tests run', () => {
  const [, model = ''] = /```prisma\n([\s\S]*?)```/.exec(page) ?? [];
  expect(model).toContain('model MfaAccount');
  expect(generated.inlineSchema).toContain(model);
});

test('every code block of the page has its test here', () => {
  expect(blocks).toHaveLength(11);
});

const dialects: [name: string, dialect: Dialect][] = [
  ['PostgreSQL', new PostgresDialect({ pool: notAsked })],
  ['MySQL', new MysqlDialect({ pool: notAsked })],
  ['SQLite', new SqliteDialect({ database: notAsked })],
];

test.each(dialects)('the SQL for %s is what createMfaTable asks for', async (name, dialect) => {
  const asked: string[] = [];
  await createMfaTable(
    new Kysely<unknown>({
      dialect: {
        createAdapter: () => dialect.createAdapter(),
        createDriver: () => new DummyDriver(),
        createIntrospector: (db) => dialect.createIntrospector(db),
        createQueryCompiler: () => dialect.createQueryCompiler(),
      },
      log: ({ query }) => void asked.push(query.sql),
    }),
  );
  const onOneLine = tableOf(name)
    .replace(/\s+/g, ' ')
    .replace(/\( | \)/g, (bracket) => bracket.trim());
  expect(asked.map((text) => text.replace(/"(?!C")(?<!"C")|`/g, ''))).toEqual([onOneLine]);
});

async function notAsked(): Promise<never> {
  throw new Error('Nobody asks a database.');
}

/** The store and the database that a block has made. */
function made({ options, opened }: BlockOutcome): { store: MfaStore; db: Kysely<unknown> } {
  if (!options.store || !(opened.db instanceof Kysely)) throw new Error('The block makes no store.');
  const { db } = opened;
  toClose.push(() => db.destroy());
  return { store: options.store, db };
}

async function expectToWork({ store, db }: { store: MfaStore; db: Kysely<unknown> }): Promise<void> {
  const { up, down } = runDocBlock(blockWith('createMfaTable'), {}).exported;
  if (typeof up !== 'function' || typeof down !== 'function') throw new Error('The migration lacks a way.');
  await up(db);
  expect(await store.put('A', { version: '1', data: '{}', enrolled: true }, undefined)).toBe(true);
  expect(await store.put('A', { version: '2', data: '{}', enrolled: true }, 'other')).toBe(false);
  expect(await store.get('A')).toEqual({ version: '1', data: '{}' });
  await down(db);
  await expect(store.get('A')).rejects.toThrow('mfa_accounts');
}

const withEnvironment = (env: Record<string, string>) => ({
  // A pool may hear of the end of the server after its own.
  given: { process: { env }, console: { error: () => undefined } },
});

describeWithDatabase('PostgreSQL', () => {
  test('Kysely on PostgreSQL, and its migration', async () => {
    const server = await startPostgresServer();
    toClose.push(() => server.stop());
    const outcome = runDocBlock(
      blockWith('new PostgresDialect'),
      withEnvironment({ DATABASE_URL: server.url }),
    );
    await expectToWork(made(outcome));
  });

  test('a flag of the app: set and taken back by events, and asked', async () => {
    const server = await startPostgresServer();
    toClose.push(() => server.stop());
    const block = blockWith('isEnrolled');
    const { options, listeners, opened } = runDocBlock(block, withEnvironment({ DATABASE_URL: server.url }));
    const { query, end } = poolIn(opened.database);
    toClose.push(end);
    await query(
      'create table users (id integer primary key, has_second_step boolean not null default false)',
    );
    await query('insert into users (id) values (7), (8)');
    const told = async (name: string) => listeners.get(name)?.({ userId: 7 });
    const enrolled = () => Promise.all([7, 8, 9].map((id) => options.isEnrolled?.(id)));

    expect(await enrolled()).toEqual([false, false, false]);
    await told('enrollment.confirmed');
    expect(await enrolled()).toEqual([true, false, false]);
    await told('mfa.disabled');
    expect(await enrolled()).toEqual([false, false, false]);
    await told('enrollment.confirmed');
    await told('mfa.reset');
    expect(await enrolled()).toEqual([false, false, false]);
  });
});

describeWithDatabase('MariaDB', () => {
  test('Kysely on MariaDB, and its migration', async () => {
    const server = await startMariadbServer();
    toClose.push(() => server.stop());
    const outcome = runDocBlock(blockWith('new MysqlDialect'), withEnvironment({ DATABASE_URL: server.url }));
    await expectToWork(made(outcome));
  });
});

test('Kysely on SQLite, and its migration', async () => {
  const file = await createSqliteFile();
  toClose.push(() => file.remove());
  const outcome = runDocBlock(blockWith('new SqliteDialect'), withEnvironment({ DATABASE_FILE: file.path }));
  const { store, db } = made(outcome);
  await expectToWork({ store, db });
  const { rows } =
    await sql`select * from pragma_journal_mode, pragma_synchronous, pragma_busy_timeout`.execute(db);
  expect(rows).toEqual([{ journal_mode: 'wal', synchronous: 2, timeout: 1_000 }]);
  await sql.raw(tableOf('SQLite')).execute(db);
  expect(await store.get('A')).toBeUndefined();
});

test('Redis: without a replica, a write that waits for one is a fault', async () => {
  const redis = createTestRedis(process.env.REDIS_URL ?? '');
  await redis.connect();
  toClose.push(async () => redis.destroy());
  const { store } = runDocBlock(blockWith('waitForReplicas'), { given: { redis } }).options;
  const user = `stores-doc ${process.pid}`;
  await expect(store?.put(user, { version: '1', data: '{}', enrolled: true }, undefined)).rejects.toThrow(
    '0 of 1 replicas',
  );
  await redis.del(`mfa:${user}`);
});

describe('the test of one’s own store', () => {
  const block = blockWith('testMfaStore');
  const found: { title: string; run: () => Promise<void> }[] = [];
  const register = (title: string, run: () => Promise<void>) => found.push({ title, run });
  const myStore = memoryMfaStore();
  runDocBlock(block, { given: { myStore }, modules: { 'node:test': { test: register } } });

  test('it makes a test of every sentence', () => {
    expect(found.length).toBeGreaterThanOrEqual(17);
  });

  test.each(found)('$title', ({ run }) => run());
});

function poolIn(database: unknown) {
  if (typeof database !== 'object' || database === null) throw new Error('The block opens no pool.');
  const call = (name: string) => {
    const method: unknown = Reflect.get(database, name);
    if (typeof method !== 'function') throw new Error(`A pool has no ${name}.`);
    return async (...args: unknown[]): Promise<unknown> => method.apply(database, args);
  };
  return { query: call('query'), end: call('end') };
}
