import { afterEach, expect, test } from '@jest/globals';
import { describeWithDatabase } from './describe-with-database.ts';
import type { PostgresServer } from './postgres-server.ts';
import { type PostgresPair, startPostgresPair } from './postgres-standby.ts';
import { queryPostgres } from './query-postgres.ts';

describeWithDatabase('PostgreSQL', () => {
  let pair: PostgresPair;
  afterEach(() => pair.stop());

  const query = ({ url }: PostgresServer, text: string) => queryPostgres(url, text, 300);

  test('a standby that was out of reach does not have what its primary was told meanwhile', async () => {
    pair = await startPostgresPair({ synchronous: false });
    await query(pair.first, 'create table t (a int); insert into t values (1)');
    await pair.separate();
    await query(pair.first, 'insert into t values (2)');
    await pair.first.kill();
    await pair.promote();
    expect(await query(pair.second, 'select a from t')).toEqual([{ a: 1 }]);
    await query(pair.second, 'insert into t values (3)');
  });

  test('a synchronous primary answers no commit that its standby does not have', async () => {
    pair = await startPostgresPair({ synchronous: true });
    await query(pair.first, 'create table t (a int); insert into t values (1)');
    await pair.first.kill();
    await pair.promote();
    expect(await query(pair.second, 'select a from t')).toEqual([{ a: 1 }]);
  });

  test('a synchronous primary whose standby is out of reach answers no commit', async () => {
    pair = await startPostgresPair({ synchronous: true });
    await query(pair.first, 'create table t (a int)');
    await pair.separate();
    await expect(query(pair.first, 'insert into t values (1)')).rejects.toThrow(/timeout/i);
    expect(await query(pair.first, 'select a from t')).toEqual([]);
  });
});
