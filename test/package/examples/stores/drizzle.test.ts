import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { drizzle } from 'drizzle-orm/node-postgres';
import { Pool } from 'pg';
import { drizzleMfaStore } from '../../../../examples/stores/drizzle-store.ts';
import { describeWithDatabase } from '../../../servers/describe-with-database.ts';
import { type PostgresServer, startPostgresServer } from '../../../servers/postgres-server.ts';
import { testStore } from '../../../stores/test-store.ts';
import { inTurn } from './in-turn.ts';
import { tableOf } from './table-of.ts';

describeWithDatabase('PostgreSQL', () => {
  let server: PostgresServer;
  let pools: Pool[] = [];
  let nextPool: () => Pool;
  beforeAll(async () => {
    server = await startPostgresServer();
    pools = Array.from({ length: 5 }, () => new Pool({ connectionString: server.url, max: 4 }));
    // The server may be stopped before the last connection is closed.
    for (const pool of pools) pool.on('error', () => undefined);
    nextPool = inTurn(pools);
    await nextPool().query(tableOf('PostgreSQL'));
  });
  afterAll(async () => {
    await Promise.all(pools.map((pool) => pool.end()));
    await server.stop();
  });

  testStore(() => drizzleMfaStore(drizzle(nextPool())));

  test('another fault than a row that is there already is passed on', async () => {
    const store = drizzleMfaStore(drizzle(nextPool()));
    await expect(
      store.put('impossible', { version: '1', data: '\0', enrolled: true }, undefined),
    ).rejects.toMatchObject({ cause: { code: '22021' } });
    expect(await store.get('impossible')).toBeUndefined();
  });
});
