import { spawnSync } from 'node:child_process';
import { rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, test } from '@jest/globals';
import { sql } from 'kysely';
import { makeBcryptCheap } from '../app/cheap-bcrypt.ts';
import { describeWithDatabase } from '../servers/describe-with-database.ts';
import { startPostgresServer } from '../servers/postgres-server.ts';
import { isRunning } from '../servers/process-tree.ts';
import { queryPostgres } from '../servers/query-postgres.ts';
import { openPostgres } from '../stores/open-postgres.ts';
import { mountSmallDisk, type SmallDisk } from './small-disk.ts';
import { openOnPostgres, openStage, redisStage, type Stage } from './stage.ts';
import { faultRounds, strikeRounds } from './strike-rounds.ts';

// Only a disk of its own can be full without harm, and a container may not be allowed to mount one.
const probe = mountSmallDisk(1);
probe?.unmount();
const why = probe ? '' : ' (skipped: no disk may be mounted here)';
const describeWithDisk = probe ? describe : describe.skip;
const rounds = faultRounds(2);
const limit = 60_000 + rounds * 30_000;

describeWithDisk(`the disk is full${why}`, () => {
  beforeAll(makeBcryptCheap);

  describe('of Redis', () => {
    let disk: SmallDisk | undefined;
    let stage: Stage;
    beforeAll(async () => {
      disk = mountSmallDisk(8);
      stage = await redisStage(['--dir', disk?.path ?? '', '--appendfsync', 'everysec']);
    });
    afterAll(async () => {
      await stage.close();
      disk?.unmount();
    });

    test(
      'it refuses writes, and takes them when there is space again',
      async () => {
        const fault = {
          name: 'its disk full',
          beforehand: true,
          strike: () => disk?.fill(),
          repair: () => disk?.free(),
        };
        await strikeRounds('Redis', fault, { rounds, stageOf: async () => stage });
      },
      limit,
    );
  });

  describeWithDatabase('PostgreSQL', () => {
    let disk: SmallDisk | undefined;
    let stage: Stage;
    beforeAll(async () => {
      disk = mountSmallDisk(64);
      const settings = ['min_wal_size=32MB', 'max_wal_size=32MB', 'wal_recycle=off', 'wal_init_zero=on'];
      const server = await startPostgresServer({ args: settings });
      const log = join(server.directory, 'data', 'pg_wal');
      const moved = join(disk?.path ?? '', 'pg_wal');
      await server.kill();
      // Whoever it runs as owns the copy as well.
      spawnSync('cp', ['-a', log, moved]);
      await rename(log, `${log}.old`);
      await symlink(moved, log);
      await server.restart();
      stage = await openStage(server, openOnPostgres);
    });
    afterAll(async () => {
      // In good order it would not end while it recovers.
      await stage.server.kill();
      await stage.close();
      disk?.unmount();
    });

    test(
      'it starts anew, serves when there is space again, and everything is there',
      async () => {
        const fault = {
          name: 'the disk of its log full',
          beforehand: true,
          async strike({ server }: Stage) {
            disk?.fill();
            await useUpLog(server.url);
          },
          async repair({ server }: Stage) {
            disk?.free();
            await startIfEnded(server);
          },
        };
        await strikeRounds('PostgreSQL', fault, { rounds, stageOf: async () => stage });
      },
      limit,
    );
  });
});

/**
 * PostgreSQL starts itself anew. Where the disk was still full when it came to that it ends, and whoever looks after it
 * starts it.
 */
async function startIfEnded(server: Stage['server']): Promise<void> {
  while (!(await answers(server.url))) {
    if (!isRunning(server.pid)) await server.restart();
    await delay(20);
  }
}

const answers = (url: string): Promise<boolean> =>
  queryPostgres(url, 'select 1', 500).then(
    () => true,
    () => false,
  );

/** The file of the log that was begun already has its space: writes until it would need another. */
async function useUpLog(url: string): Promise<void> {
  const db = await openPostgres(url, 'faults');
  try {
    for (let megabytes = 0; megabytes < 64; megabytes++)
      await sql`select pg_logical_emit_message(false, 'fill', repeat('x', 1000000))`.execute(db);
    throw new Error('The log is longer than its disk.');
  } catch (error) {
    if (!(error instanceof Error) || error.message.startsWith('The log is')) throw error;
  } finally {
    await db.destroy();
  }
}
