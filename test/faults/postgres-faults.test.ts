import { describeWithDatabase } from '../servers/describe-with-database.ts';
import { faultsOf } from './server-faults.ts';
import { postgresStage } from './stage.ts';

describeWithDatabase('PostgreSQL', () => faultsOf('PostgreSQL', postgresStage));
