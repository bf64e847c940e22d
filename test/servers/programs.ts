import { findChromium } from '../browser/find-chromium.ts';
import { findMariadb } from './find-mariadb.ts';

/** A program that tests need and npm does not bring. */
export interface Program {
  readonly name: string;
  /** What starts it, if it is there. */
  readonly find: () => string | undefined;
  /** Debian's name of it. */
  readonly aptPackage: string;
  /** For people whose machine has no apt, or does not let us use it. */
  readonly howTo: string;
}

const redis: Program = {
  name: 'redis-server',
  find: () => 'redis-server',
  aptPackage: 'redis-server',
  howTo:
    'The tests need redis-server 6 or newer on the PATH: install it with your package manager (`apt-get install redis-server`, `brew install redis`), then run `npm run setup` again.',
};

const chromium: Program = {
  name: 'Chromium',
  find: findChromium,
  aptPackage: 'chromium',
  howTo:
    'The browser tests need Chromium: install `chromium` or `google-chrome` so that it is on the PATH, or name its path in the variable CHROMIUM, then run `npm run setup -- --browser` again.',
};

const mariadb: Program = {
  name: 'MariaDB',
  find: findMariadb,
  aptPackage: 'mariadb-server',
  howTo:
    'The tests on MariaDB need its server, `mariadbd` and `mariadb-install-db`, on the PATH: install it with your package manager, then run `npm run setup -- --databases` again. PostgreSQL and SQLite come with `npm ci`.',
};

/** Needed always. */
export const programs: readonly Program[] = [redis];

/** Needed where the flag is given. */
export const programsByFlag: ReadonlyMap<string, readonly Program[]> = new Map([
  ['--browser', [chromium]],
  ['--databases', [mariadb]],
]);
