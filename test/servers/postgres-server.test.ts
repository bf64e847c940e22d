import { afterEach, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { describeWithDatabase } from './describe-with-database.ts';
import { type PostgresServer, startPostgresServer } from './postgres-server.ts';
import { childrenOf, isRunning } from './process-tree.ts';
import { queryPostgres } from './query-postgres.ts';

describeWithDatabase('PostgreSQL', () => {
  let server: PostgresServer;
  afterEach(() => server.stop());

  const query = (text: string, timeout = 1_000) => queryPostgres(server.url, text, timeout);

  test('a killed server is gone, and comes back on its port with what was committed', async () => {
    server = await startPostgresServer();
    await query('create table t (a int); insert into t values (7)');
    const { pid } = server;
    const processes = [pid, ...childrenOf(pid)];
    expect(processes.length).toBeGreaterThan(1);

    await server.kill();
    expect(processes.filter(isRunning)).toEqual([]);
    await expect(query('select 1')).rejects.toThrow('ECONNREFUSED');

    await server.restart();
    expect(await query('select a from t')).toEqual([{ a: 7 }]);
    expect(server.pid).not.toBe(pid);
  });

  test('a frozen server answers nothing until it is thawed, and can be stopped', async () => {
    server = await startPostgresServer();
    const client = new Client({ connectionString: server.url });
    await client.connect();
    server.freeze();
    await expect(query('select 1', 100)).rejects.toThrow(/timeout/i);
    const answer = client.query('select 1 as one');
    server.thaw();
    expect((await answer).rows).toEqual([{ one: 1 }]);
    await client.end();
    server.freeze();
  });

  test('what the disk keeps is what a delivered PostgreSQL keeps', async () => {
    server = await startPostgresServer();
    expect(await query('show fsync')).toEqual([{ fsync: 'on' }]);
    expect(await query('show synchronous_commit')).toEqual([{ synchronous_commit: 'on' }]);
  });

  test('a server that does not start says why', async () => {
    server = await startPostgresServer();
    await expect(startPostgresServer({ args: ['nonsense=1'] })).rejects.toThrow(
      /ended before it answered.*nonsense/s,
    );
  });
});
