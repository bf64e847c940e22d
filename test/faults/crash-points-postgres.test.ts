import { afterAll, beforeAll, describe } from '@jest/globals';
import { describeWithDatabase } from '../servers/describe-with-database.ts';
import { type PostgresServer, startPostgresServer } from '../servers/postgres-server.ts';
import { crashAtEveryPoint } from './crash-points.ts';

describeWithDatabase('PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgresServer();
    process.env.MFA_STORE = 'postgres';
    process.env.POSTGRES_URL = server.url;
  });
  afterAll(() => server.stop());

  describe('SF-07 the process is killed right after a step: the state is the old one or the new one', () => {
    crashAtEveryPoint();
  });
});
