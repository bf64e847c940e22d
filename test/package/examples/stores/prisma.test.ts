import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { prismaMfaStore } from '../../../../examples/stores/prisma-store.ts';
import { describeWithDatabase } from '../../../servers/describe-with-database.ts';
import { type PostgresServer, startPostgresServer } from '../../../servers/postgres-server.ts';
import { testStore } from '../../../stores/test-store.ts';
import { inTurn } from './in-turn.ts';
import { createPrismaClient } from './prisma-client.ts';
import { tableOf } from './table-of.ts';

describeWithDatabase('PostgreSQL', () => {
  let server: PostgresServer;
  let clients: ReturnType<typeof createPrismaClient>[] = [];
  let nextClient: () => ReturnType<typeof createPrismaClient>;
  beforeAll(async () => {
    server = await startPostgresServer();
    const connection = new Client({ connectionString: server.url });
    await connection.connect();
    await connection.query(tableOf('PostgreSQL'));
    await connection.end();
    clients = Array.from({ length: 5 }, () => createPrismaClient(server.url));
    nextClient = inTurn(clients);
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.$disconnect()));
    await server.stop();
  });

  testStore(() => prismaMfaStore(nextClient()));

  test('another fault than a row that is there already is passed on', async () => {
    const store = prismaMfaStore(nextClient());
    await expect(
      store.put('impossible', { version: '1', data: '\0', enrolled: true }, undefined),
    ).rejects.toThrow('invalid byte sequence');
    expect(await store.get('impossible')).toBeUndefined();
  });
});
