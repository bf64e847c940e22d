import { describeWithDatabase } from '../servers/describe-with-database.ts';
import { startMariadbServer } from '../servers/mariadb-server.ts';
import { raceOn } from './race-on.ts';

describeWithDatabase('MariaDB', () => raceOn('mariadb', startMariadbServer));
