import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { endWithUs } from './end-with-us.ts';
import { childrenOf, isRunning } from './process-tree.ts';

/** A server program that runs, with all the processes that it has started itself. */
export interface ServerProcess {
  readonly pid: number;
  /** Ends it in good order, or by the signal that is named. */
  end(signal?: NodeJS.Signals): Promise<void>;
  /** Ends it as a crash of the machine would: all of its processes at once. */
  crash(): Promise<void>;
  /** Suspends all of its processes. */
  freeze(): void;
  thaw(): void;
}

/** How a server program is started. */
export interface Launch {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Where its output goes; told where it does not start. */
  readonly log: string;
  readonly answers: () => Promise<boolean>;
  /** For a server that does not run as root. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
}

/** Starts a server, and resolves when it answers. */
export async function launchServer(launch: Launch): Promise<ServerProcess> {
  const { name, command, args, log, answers, user = {} } = launch;
  const output = await open(log, 'a');
  const child = spawn(command, args, { stdio: ['ignore', output.fd, output.fd], ...user });
  // A test that fails before it stops its server must not keep jest waiting.
  child.unref();
  try {
    await once(child, 'spawn');
  } finally {
    await output.close();
  }
  const { pid } = child;
  if (pid === undefined) throw new Error(`${name} has no process id.`);
  const leaveAlone = endWithUs(pid);

  async function end(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (!hasEnded(child)) {
      child.ref();
      const ended = once(child, 'exit');
      child.kill(signal);
      // A frozen process takes notice of SIGTERM only when it runs again.
      thaw();
      await ended;
    }
    leaveAlone();
  }
  const all = () => [Number(pid), ...childrenOf(Number(pid))];
  function thaw(): void {
    for (const each of all()) send(each, 'SIGCONT');
  }

  const server: ServerProcess = {
    pid,
    end,
    async crash() {
      child.kill('SIGSTOP');
      const children = childrenOf(pid);
      for (const each of children) send(each, 'SIGKILL');
      await end('SIGKILL');
      while (children.some(isRunning)) await delay(2);
    },
    freeze() {
      if (hasEnded(child)) throw new Error(`${name} is not running.`);
      // The one that starts others comes first.
      child.kill('SIGSTOP');
      for (const each of childrenOf(pid)) send(each, 'SIGSTOP');
    },
    thaw,
  };

  const giveUpAt = Date.now() + 60_000;
  while (!(await answers())) {
    const gone = hasEnded(child);
    if (gone || Date.now() > giveUpAt) {
      await end('SIGKILL');
      const what = gone ? 'ended before it answered' : 'did not answer within 60 s';
      throw new Error(`${name} ${what}:\n${await readFile(log, 'utf8')}`);
    }
    await delay(10);
  }
  return server;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended meanwhile.
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
