import { afterEach, expect, test } from '@jest/globals';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { describeWithDatabase } from './describe-with-database.ts';
import { type MariadbServer, startMariadbServer } from './mariadb-server.ts';

describeWithDatabase('MariaDB', () => {
  let server: MariadbServer;
  afterEach(() => server.stop());

  async function query(text: string, timeout = 1_000): Promise<unknown> {
    const connection = await createConnection({ uri: server.url, connectTimeout: timeout });
    connection.on('error', () => undefined);
    try {
      const [rows] = await connection.query<RowDataPacket[]>({ sql: text, timeout });
      return rows;
    } finally {
      connection.destroy();
    }
  }

  test('a killed server is gone, and comes back on its port with what was committed', async () => {
    server = await startMariadbServer();
    await query('create table t (a int)');
    await query('insert into t values (7)');
    const { pid } = server;
    await server.kill();
    await expect(query('select 1')).rejects.toThrow('ECONNREFUSED');
    await server.restart();
    expect(await query('select a from t')).toEqual([{ a: 7 }]);
    expect(server.pid).not.toBe(pid);
  });

  test('a frozen server answers nothing until it is thawed', async () => {
    server = await startMariadbServer();
    server.freeze();
    await expect(query('select 1', 100)).rejects.toThrow('ETIMEDOUT');
    server.thaw();
    expect(await query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('what the disk keeps is what a delivered MariaDB keeps', async () => {
    server = await startMariadbServer();
    expect(
      await query('select @@innodb_flush_log_at_trx_commit as flush, @@innodb_doublewrite as twice'),
    ).toEqual([{ flush: 1, twice: 1 }]);
  });

  test('a server that does not start says why', async () => {
    server = await startMariadbServer();
    await expect(startMariadbServer({ args: ['--nonsense'] })).rejects.toThrow(
      /ended before it answered.*nonsense/s,
    );
  });
});
