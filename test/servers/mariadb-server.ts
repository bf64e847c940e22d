import { execFile } from 'node:child_process';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createConnection } from 'mysql2/promise';
import { findMariadb } from './find-mariadb.ts';
import { freePort } from './free-port.ts';
import { launchServer, type ServerProcess } from './server-process.ts';
import type { TestServer } from './test-server.ts';

const run = promisify(execFile);

/** A real MariaDB on loopback. */
export type MariadbServer = TestServer;

const createUser = `
create database if not exists test;
create user if not exists tester@'127.0.0.1';
grant all on *.* to tester@'127.0.0.1';
`;

/** Starts a server with a database `test` and no passwords; `args` come after its other arguments. */
export async function startMariadbServer({
  args = [],
}: {
  args?: readonly string[];
} = {}): Promise<MariadbServer> {
  const command = findMariadb();
  if (!command) throw new Error('There is no MariaDB: run `npm run setup -- --databases`.');
  const port = await freePort();
  const url = `mysql://tester@127.0.0.1:${port}/test`;
  const directory = await mkdtemp(join(tmpdir(), 'express-mfa-mariadb-'));
  // It refuses to run as root unless it is told to: it runs as nobody then.
  const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;
  if (user) await chown(directory, user.uid, user.gid);
  const data = join(directory, 'data');
  const answers = (): Promise<boolean> => canQuery(url);

  const removeDirectory = (): Promise<void> => rm(directory, { recursive: true, force: true });

  function launch(program: string): Promise<ServerProcess> {
    const place = [
      `--datadir=${data}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${directory}/socket`,
    ];
    const small = ['--innodb-buffer-pool-size=32M', '--skip-log-bin', '--skip-name-resolve'];
    return launchServer({
      name: 'MariaDB',
      command: program,
      args: [
        '--no-defaults',
        ...place,
        `--pid-file=${directory}/pid`,
        `--init-file=${directory}/init.sql`,
        ...small,
        ...args,
      ],
      log: join(directory, 'log'),
      answers,
      user,
    });
  }

  try {
    await run('mariadb-install-db', ['--no-defaults', `--datadir=${data}`, '--skip-test-db'], { ...user });
    await writeFile(join(directory, 'init.sql'), createUser);
    let running = await launch(command);
    return {
      url,
      port,
      get pid() {
        return running.pid;
      },
      async stop() {
        await running.end();
        await removeDirectory();
      },
      kill: () => running.crash(),
      freeze: () => running.freeze(),
      thaw: () => running.thaw(),
      async restart() {
        await running.end();
        running = await launch(command);
      },
    };
  } catch (error) {
    await removeDirectory();
    throw error;
  }
}

async function canQuery(uri: string): Promise<boolean> {
  try {
    const connection = await createConnection({ uri, connectTimeout: 500 });
    connection.on('error', () => undefined);
    await connection.query('select 1');
    connection.destroy();
    return true;
  } catch {
    return false;
  }
}
