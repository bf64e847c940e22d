import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { createPostgresFiles, type PostgresFiles } from './postgres-files.ts';
import { queryPostgres } from './query-postgres.ts';
import { launchServer, type ServerProcess } from './server-process.ts';
import type { TestServer } from './test-server.ts';

/** A real PostgreSQL on loopback. */
export interface PostgresServer extends TestServer {
  /** Where its files are. */
  readonly directory: string;
}

/** Starts a server that keeps every commit on disk, as it is delivered; `args` are settings for `-c`. */
export async function startPostgresServer({
  port,
  files,
  args = [],
}: {
  port?: number;
  /** Left out for an empty one. They are removed when the server is stopped, or does not start. */
  files?: PostgresFiles;
  args?: readonly string[];
} = {}): Promise<PostgresServer> {
  const chosenPort = port ?? (await freePort());
  const url = `postgres://postgres@127.0.0.1:${chosenPort}/postgres`;
  const { directory, data, user, program, remove } = files ?? (await createPostgresFiles());

  async function launch(): Promise<ServerProcess> {
    const settings = ['shared_buffers=32MB', 'unix_socket_directories=', ...args].flatMap((set) => [
      '-c',
      set,
    ]);
    return launchServer({
      name: 'PostgreSQL',
      command: program('postgres'),
      args: ['-D', data, '-h', '127.0.0.1', '-p', String(chosenPort), ...settings],
      log: join(directory, 'log'),
      answers: () =>
        queryPostgres(url, 'select 1', 500).then(
          () => true,
          () => false,
        ),
      user,
    });
  }

  try {
    let running = await launch();
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
        await remove();
      },
      kill: () => running.crash(),
      freeze: () => running.freeze(),
      thaw: () => running.thaw(),
      async restart() {
        await running.end('SIGINT');
        running = await launch();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
