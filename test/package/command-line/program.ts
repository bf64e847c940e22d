import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, rm, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { packPackage } from '../pack.ts';

/** What a run has printed, and how it ended. */
export interface Ran {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** How one run is started, and what is done to it. */
export interface Start {
  readonly args: readonly string[];
  readonly directory: string;
  /** Beside the environment of the tests. */
  readonly env?: Readonly<Record<string, string>>;
  /** Standard output that takes nothing, or not all: a full disk, one that becomes full, a reader that has gone away. */
  readonly output?: 'full' | 'nearly full' | 'closed';
  /** Standard error that takes nothing. */
  readonly errors?: 'full';
  /** Ctrl-C, so many times, each once standard error shows this and half a second has passed since the last one. */
  readonly interrupt?: { readonly at: RegExp; readonly times: number };
}

/** The packed program, installed in a project of its own. */
export interface Program {
  /** Within it `express-mfa` and what its users would install beside it can be imported. */
  readonly project: string;
  run(start: Start): Promise<Ran>;
  remove(): Promise<void>;
}

/** No command may take longer, in ms: whatever is still running then is killed. */
const longestMs = 50_000;

export async function installProgram(): Promise<Program> {
  const { directory, project } = await packPackage();
  const modules = join(project, 'node_modules');
  for (const name of ['redis', 'connect-redis']) {
    await symlink(resolve(__dirname, '../../../node_modules', name), join(modules, name));
  }
  const installed = join(modules, 'express-mfa');
  const { bin } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));
  const program = join(installed, bin['express-mfa']);
  return {
    project,
    run: (start) => run(program, start),
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

async function run(
  program: string,
  { args, directory, env, output, errors, interrupt }: Start,
): Promise<Ran> {
  const full = output === 'full' || errors === 'full' ? await open('/dev/full', 'w') : undefined;
  const { NODE_ENV: _, ...inherited } = process.env;
  // A file of at most a kilobyte, as a disk that has room for no more.
  const limit = output === 'nearly full' ? ['bash', '-c', 'ulimit -f 1; exec "$@" > out', 'bash'] : [];
  const [executable = process.execPath, ...rest] = [...limit, process.execPath, program, ...args];
  const child = spawn(executable, rest, {
    cwd: directory,
    env: { ...inherited, ...env },
    stdio: [
      'ignore',
      output === 'full' && full ? full.fd : 'pipe',
      errors === 'full' && full ? full.fd : 'pipe',
    ],
    timeout: longestMs,
    killSignal: 'SIGKILL',
  });
  const ran = { out: '', err: '' };
  let interrupted = false;
  child.stdout?.on('data', (chunk) => {
    ran.out += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    ran.err += chunk;
    if (!interrupt || interrupted || !interrupt.at.test(ran.err)) return;
    interrupted = true;
    for (let time = 0; time < interrupt.times; time++) setTimeout(() => child.kill('SIGINT'), time * 500);
  });
  if (output === 'closed') child.stdout?.destroy();
  const [code, signal] = await once(child, 'close');
  await full?.close();
  return { code, signal, ...ran };
}
