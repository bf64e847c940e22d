import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { endWithUs } from '../../servers/end-with-us.ts';

/** An example that runs as a user starts it. */
export interface RunningExample {
  /** Where it listens. */
  readonly url: string;
  /** What it has printed so far, on both streams. */
  readonly output: () => string;
  /** Ends it and all that it has started. */
  stop(): Promise<void>;
}

interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Instead of those of the tests. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts it on a port of its own choice, without Redis, and resolves when it says where it listens. */
export async function startExample({ command, args, cwd, env = {} }: Command): Promise<RunningExample> {
  const { REDIS_URL, MFA_KEY, SESSION_SECRET, NODE_ENV, ...inherited } = process.env;
  const child = spawn(command, args, {
    cwd,
    env: { ...inherited, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that npm and what it has started end together.
    detached: true,
  });
  let output = '';
  const listening = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        const url = /(?:Open|listens on) (http:\/\/\S+:\d+)[ .]/.exec(output)?.[1];
        if (url !== undefined) resolve(url);
      });
    }
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`It ended with ${code}:\n${output}`)));
  });
  const leaveAlone = child.pid === undefined ? () => undefined : endWithUs(-child.pid);
  async function stop(): Promise<void> {
    leaveAlone();
    await endGroup(child);
  }
  try {
    return { url: await listening, output: () => output, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const closed = once(child, 'close');
  process.kill(-child.pid, 'SIGTERM');
  await closed;
}
