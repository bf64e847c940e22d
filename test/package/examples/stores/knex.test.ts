import { afterAll, beforeAll, expect, test } from '@jest/globals';
import knex, { type Knex } from 'knex';
import { knexMfaStore } from '../../../../examples/stores/knex-store.ts';
import { describeWithDatabase } from '../../../servers/describe-with-database.ts';
import { startMariadbServer } from '../../../servers/mariadb-server.ts';
import { startPostgresServer } from '../../../servers/postgres-server.ts';
import { testStore } from '../../../stores/test-store.ts';
import { inTurn } from './in-turn.ts';
import { tableOf } from './table-of.ts';

const servers = [
  {
    name: 'PostgreSQL',
    client: 'pg',
    start: startPostgresServer,
    faulty: { data: '\0' },
    complaint: 'invalid byte sequence',
  },
  {
    name: 'MariaDB',
    client: 'mysql2',
    start: startMariadbServer,
    faulty: { version: 'x'.repeat(65) },
    complaint: 'Data too long',
  },
] as const;

for (const { name, client, start, faulty, complaint } of servers) {
  describeWithDatabase(name, () => {
    let server: { readonly url: string; stop(): Promise<void> };
    let pools: Knex[] = [];
    let nextPool: () => Knex;
    beforeAll(async () => {
      server = await start();
      pools = Array.from({ length: 5 }, () =>
        knex({ client, connection: server.url, pool: { min: 0, max: 4 } }),
      );
      nextPool = inTurn(pools);
      await nextPool().raw(tableOf(name));
    });
    afterAll(async () => {
      await Promise.all(pools.map((pool) => pool.destroy()));
      await server.stop();
    });

    testStore(() => knexMfaStore(nextPool()));

    test('another fault than a row that is there already is passed on', async () => {
      const store = knexMfaStore(nextPool());
      const impossible = { version: '1', data: '{}', enrolled: true, ...faulty };
      await expect(store.put('impossible', impossible, undefined)).rejects.toThrow(complaint);
      expect(await store.get('impossible')).toBeUndefined();
    });
  });
}
