import { existsSync } from 'node:fs';
import { describe } from '@jest/globals';
import { findMariadb } from './find-mariadb.ts';
import { postgresPrograms } from './postgres-files.ts';

const servers = {
  PostgreSQL: {
    isThere: () => existsSync(postgresPrograms),
    howTo: 'npm brings none for this platform',
  },
  MariaDB: { isThere: () => findMariadb() !== undefined, howTo: 'npm run setup -- --databases' },
};

/**
 * `describe`, for tests that start that server. Where it is not there they are skipped; they fail instead where
 * the variable DATABASE_TESTS is `required`.
 */
export function describeWithDatabase(name: keyof typeof servers, block: () => void): void {
  const { isThere, howTo } = servers[name];
  if (process.env.DATABASE_TESTS === 'required' || isThere()) describe(`on ${name}`, block);
  // The summary of the run tells the reason in brackets.
  else describe.skip(`on ${name} (skipped: there is no ${name}: ${howTo})`, block);
}
