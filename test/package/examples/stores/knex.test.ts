import { afterAll, beforeAll } from '@jest/globals';
import knex, { type Knex } from 'knex';
import { knexMfaStore } from '../../../../examples/stores/knex-store.ts';
import { describeWithDatabase } from '../../../servers/describe-with-database.ts';
import { startMariadbServer } from '../../../servers/mariadb-server.ts';
import { startPostgresServer } from '../../../servers/postgres-server.ts';
import { testStore } from '../../../stores/test-store.ts';
import { inTurn } from './in-turn.ts';
import { tableOf } from './table-of.ts';

const servers = [
  { name: 'PostgreSQL', client: 'pg', start: startPostgresServer },
  { name: 'MariaDB', client: 'mysql2', start: startMariadbServer },
] as const;

for (const { name, client, start } of servers) {
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
  });
}
