import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PROJECT = resolve(__dirname, '../..');

export interface PackedPackage {
  /** Holds everything; the caller removes it. */
  directory: string;
  tarball: string;
  /** A project whose node_modules has the extracted package and what its user would install with it. */
  project: string;
}

/** Packs the package as `npm publish` would, from a copy: a build here would disturb whoever uses `dist`. */
export async function packPackage(): Promise<PackedPackage> {
  const directory = await mkdtemp(join(tmpdir(), 'express-mfa-packed-'));
  const copy = join(directory, 'copy');
  await copyProject(copy);
  await run('npm', ['pack', '--pack-destination', directory], { cwd: copy });

  const tarball = (await readdir(directory)).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error('npm pack made no tarball.');
  const project = join(directory, 'project');
  await install(join(directory, tarball), project);
  return { directory, tarball: join(directory, tarball), project };
}

/** A copy of the project as a fresh clone has it after `npm ci`. */
export async function copyProject(copy: string): Promise<void> {
  await cp(PROJECT, copy, {
    recursive: true,
    filter: (source) => !/[\\/](node_modules|\.git|dist|coverage)$/.test(source),
  });
  await symlink(join(PROJECT, 'node_modules'), join(copy, 'node_modules'));
}

/** Links the dependencies from here instead of installing them: a test needs no network. */
async function install(tarball: string, project: string): Promise<void> {
  const modules = join(project, 'node_modules');
  const installed = join(modules, 'express-mfa');
  await mkdir(installed, { recursive: true });
  await run('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1']);

  await mkdir(join(modules, '@types'));
  const dependencies = ['bcrypt', 'speakeasy', 'uqr', 'valibot', 'csv-parse', 'express', 'express-session'];
  const types = ['@types/node', '@types/express', '@types/express-session'];
  for (const name of [...dependencies, ...types]) {
    await symlink(join(PROJECT, 'node_modules', name), join(modules, name));
  }
}

/** Runs a program that one of our dev dependencies brings; what it printed is in the error if it fails. */
export async function runBin(name: string, { args, cwd }: { args: string[]; cwd: string }): Promise<string> {
  return runNode([join(PROJECT, 'node_modules/.bin', name), ...args], cwd);
}

export async function runNode(args: string[], cwd: string): Promise<string> {
  try {
    return (await run(process.execPath, args, { cwd })).stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`node ${args.join(' ')} failed:\n${stdout}\n${stderr}`, { cause: error });
  }
}
