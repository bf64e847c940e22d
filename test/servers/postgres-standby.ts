import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copyPostgresFiles, createPostgresFiles, type PostgresFiles } from './postgres-files.ts';
import { type PostgresServer, startPostgresServer } from './postgres-server.ts';
import { queryPostgres } from './query-postgres.ts';
import { until } from './until.ts';

/** A primary and its standby on loopback. Nobody watches them: who tests is the one who promotes. */
export interface PostgresPair {
  readonly first: PostgresServer;
  readonly second: PostgresServer;
  /** Suspends the standby and ends its connection: the primary alone has what is written from now on. */
  separate(): Promise<void>;
  /** Makes the standby a primary, when the first one is gone. It waits for no standby itself. */
  promote(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts both; a `synchronous` primary answers no commit before its standby has it on disk. */
export async function startPostgresPair({ synchronous }: { synchronous: boolean }): Promise<PostgresPair> {
  const folders: PostgresFiles[] = [];
  const running: PostgresServer[] = [];
  async function stop(): Promise<void> {
    await Promise.all(running.map((server) => server.stop()));
    await Promise.all(folders.map(({ remove }) => remove()));
  }
  async function start(files: PostgresFiles, args: readonly string[]): Promise<PostgresServer> {
    const server = await startPostgresServer({ files, args });
    running.push(server);
    return server;
  }

  try {
    const files = await createPostgresFiles();
    folders.push(files);
    // A standby is a server that began with the same files and is told whom to follow.
    const copy = await copyPostgresFiles(files);
    folders.push(copy);
    await writeFile(join(copy.data, 'standby.signal'), '');
    const first = await start(files, synchronous ? ['synchronous_standby_names=*'] : []);
    const second = await start(copy, [`primary_conninfo=host=127.0.0.1 port=${first.port} user=postgres`]);
    await until('The standby did not connect.', async () => (await senders(first)).includes('streaming'));
    return {
      first,
      second,
      async separate() {
        second.freeze();
        await query(first, 'select pg_terminate_backend(pid) from pg_stat_replication');
        await until('The connection to the standby did not end.', async () => !(await senders(first)).length);
      },
      async promote() {
        second.thaw();
        const [row] = await query(second, 'select pg_promote(wait_seconds => 20) as promoted');
        if (!row?.promoted) throw new Error('The standby was not promoted within 20 s.');
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function senders(primary: PostgresServer): Promise<unknown[]> {
  return (await query(primary, 'select state from pg_stat_replication')).map(({ state }) => state);
}

/** As long as a promotion may take, and a little more. */
const query = ({ url }: PostgresServer, text: string) => queryPostgres(url, text, 25_000);
