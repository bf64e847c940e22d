import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { endWithUs } from './end-with-us.ts';
import { freePort } from './free-port.ts';
import { redisAnswers } from './redis-ping.ts';
import type { TestServer } from './test-server.ts';

/** A real `redis-server` on loopback. */
export type RedisServer = TestServer;

/** Starts a server that keeps nothing on disk unless `args` say so, and resolves when it answers. */
export async function startRedisServer({
  port,
  args = [],
}: {
  port?: number;
  args?: readonly string[];
} = {}): Promise<RedisServer> {
  const chosenPort = port ?? (await freePort());
  const directory = await mkdtemp(join(tmpdir(), 'express-mfa-redis-'));
  const removeDirectory = (): Promise<void> => rm(directory, { recursive: true, force: true });
  let running = await launch({ port: chosenPort, directory, args }).catch(async (error: unknown) => {
    await removeDirectory();
    throw error;
  });

  return {
    url: `redis://127.0.0.1:${chosenPort}`,
    port: chosenPort,
    get pid() {
      return running.pid;
    },
    async stop() {
      await end(running, 'SIGTERM');
      await removeDirectory();
    },
    kill: () => end(running, 'SIGKILL'),
    freeze: () => signal(running, 'SIGSTOP'),
    thaw: () => signal(running, 'SIGCONT'),
    async restart() {
      await end(running, 'SIGTERM');
      running = await launch({ port: chosenPort, directory, args });
    },
  };
}

interface Running {
  pid: number;
  child: ChildProcess;
  leaveAlone: () => void;
}

interface LaunchOptions {
  port: number;
  directory: string;
  args: readonly string[];
}

async function launch({ port, directory, args }: LaunchOptions): Promise<Running> {
  if (await redisAnswers(port)) throw new Error(`Another server already answers on port ${port}.`);
  const place = ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory];
  const noDisk = ['--save', '', '--appendonly', 'no'];
  const log = join(directory, 'log');
  const output = await open(log, 'a');
  const child = spawn('redis-server', [...place, ...noDisk, ...args], {
    stdio: ['ignore', output.fd, output.fd],
  });
  // A test that fails before it stops its server must not keep jest waiting.
  child.unref();
  try {
    await once(child, 'spawn');
  } catch (cause) {
    throw new Error('The tests need redis-server, which was not found: run `npm run setup`.', { cause });
  } finally {
    await output.close();
  }
  if (child.pid === undefined) throw new Error('redis-server has no process id.');
  const running = { pid: child.pid, child, leaveAlone: endWithUs(child.pid) };

  const giveUpAt = Date.now() + 10_000;
  while (!(await redisAnswers(port))) {
    if (hasEnded(child)) {
      await end(running, 'SIGKILL');
      throw new Error(
        `redis-server ended before it answered on port ${port}:\n${await readFile(log, 'utf8')}`,
      );
    }
    if (Date.now() > giveUpAt) {
      await end(running, 'SIGKILL');
      throw new Error(
        `redis-server did not answer on port ${port} within 10 s:\n${await readFile(log, 'utf8')}`,
      );
    }
    await delay(2);
  }
  return running;
}

async function end({ child, leaveAlone }: Running, how: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (!hasEnded(child)) {
    child.ref();
    const ended = once(child, 'exit');
    child.kill(how);
    // A frozen process takes notice of SIGTERM only when it runs again.
    child.kill('SIGCONT');
    await ended;
  }
  leaveAlone();
}

function signal({ child }: Running, name: 'SIGSTOP' | 'SIGCONT'): void {
  if (hasEnded(child)) throw new Error('redis-server is not running.');
  child.kill(name);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
