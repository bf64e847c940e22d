import { describeWithDatabase } from '../servers/describe-with-database.ts';
import { startPostgresServer } from '../servers/postgres-server.ts';
import { raceOn } from './race-on.ts';

// What a disk that is busy with other tests delays for two seconds is answered 503, and is no race.
const args = process.env.RACE_ROUNDS ? [] : ['fsync=off'];
describeWithDatabase('PostgreSQL', () => raceOn('postgres', () => startPostgresServer({ args })));
