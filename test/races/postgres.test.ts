import { describeWithDatabase } from '../servers/describe-with-database.ts';
import { startPostgresServer } from '../servers/postgres-server.ts';
import { raceOn } from './race-on.ts';

describeWithDatabase('PostgreSQL', () => raceOn('postgres', startPostgresServer));
