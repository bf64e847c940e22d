import { Socket } from 'node:net';
import { Writable } from 'node:stream';
import { afterEach, expect, jest, test } from '@jest/globals';
import { openCli } from './open-cli.ts';

// What is built and run as a process is tested in test/package/command-line.test.ts.
const { argv } = process;
afterEach(() => {
  process.argv = argv;
  jest.restoreAllMocks();
});

interface Program {
  /** What it would end the process with. */
  readonly ended: Promise<unknown>;
  readonly printed: { out: string; err: string };
  /** What it does when something happens to the process. */
  readonly on: Record<string, (given: unknown) => void>;
}

/** Starts the program in this process. */
function startProgram(args: readonly string[], broken?: 'out'): Program {
  const printed = { out: '', err: '' };
  const on: Program['on'] = {};
  process.argv = [...argv.slice(0, 2), ...args];
  function listen(name: 'out' | 'err'): never {
    const stream = new Writable({
      write(chunk, _encoding, done) {
        if (broken === name) return done(new Error('ENOSPC'));
        printed[name] += chunk;
        done();
      },
    });
    return Object.setPrototypeOf(stream, Socket.prototype) as never;
  }
  jest.spyOn(process, 'stdout', 'get').mockReturnValue(listen('out'));
  jest.spyOn(process, 'stderr', 'get').mockReturnValue(listen('err'));
  jest.spyOn(process, 'once').mockImplementation((name, listener) => {
    on[String(name)] = listener as (given: unknown) => void;
    return process;
  });
  const ended = new Promise<unknown>((resolve) => {
    jest.spyOn(process, 'exit').mockImplementation(((code: unknown) => resolve(code)) as typeof process.exit);
  });
  jest.isolateModules(() => require('../../src/cli/cli.ts'));
  return { ended, printed, on };
}

test('the program ends with the code of the command, and not before everything is written', async () => {
  const { ended, printed, on } = startProgram(['--version']);
  expect([await ended, printed.out]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
  on.exit?.(0);
  expect(printed.err).toBe('');
});

test('what could not be written is told, and is no success', async () => {
  const { ended, printed } = startProgram(['--version'], 'out');
  expect(await ended).toBe(1);
  expect(printed.err).toBe(
    'express-mfa: The command has ended, but not all of its output could be written: ENOSPC\n',
  );
});

test('an end of the process before that of the command is told, and is no success', async () => {
  const { ended, printed, on } = startProgram(['--version']);
  const before = process.exitCode;
  on.exit?.(0);
  const after = process.exitCode;
  process.exitCode = before;
  expect(after).toBe(1);
  await ended;
  expect(printed.err).toMatch(/^express-mfa: The process ended before the command did/);
});

test('an error that nobody catches is told in a sentence', async () => {
  const { ended, printed, on } = startProgram(['--version']);
  on.uncaughtException?.(new Error('the connection is gone'));
  expect(await ended).toBe(1);
  expect(printed.err).toBe('express-mfa: the connection is gone\n');
});

test('Ctrl-C stops a long command cleanly', async () => {
  const cli = await openCli();
  for (let user = 0; user < 100; user++)
    await cli.service.importTotp(`user ${user}`, '7'.repeat(20), { encoding: 'text' });
  const program = startProgram(['reseal', '--config', `${cli.directory}/express-mfa.config.cjs`]);
  cli.config.store = {
    ...cli.store,
    get(userId: string) {
      program.on.SIGINT?.('SIGINT');
      return cli.store.get(userId);
    },
  };
  const code = await program.ended;
  await cli.close();
  expect(code).toBe(1);
  expect(Number(/^Accounts: (\d+)/.exec(program.printed.out)?.[1])).toBeLessThan(100);
});
