import { afterEach, expect, jest, test } from '@jest/globals';
import { openCli } from './open-cli.ts';

const { argv } = process;
afterEach(() => {
  process.argv = argv;
  jest.restoreAllMocks();
});

/** Runs the program in this process, until it would end it. */
async function runProgram(args: readonly string[]): Promise<{ code: unknown; out: string }> {
  let out = '';
  process.argv = [...argv.slice(0, 2), ...args];
  jest.spyOn(process.stdout, 'write').mockImplementation((text, ...more) => {
    out += text;
    for (const done of more) if (typeof done === 'function') done();
    return true;
  });
  const ended = new Promise<unknown>((resolve) => {
    jest.spyOn(process, 'exit').mockImplementation(((code: unknown) => resolve(code)) as typeof process.exit);
  });
  jest.isolateModules(() => require('../../src/cli/cli.ts'));
  return { code: await ended, out };
}

test('the program ends with the code of the command, and not before everything is written', async () => {
  const { code, out } = await runProgram(['--version']);
  expect([code, out]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
});

test('Ctrl-C stops a long command cleanly', async () => {
  const cli = await openCli();
  for (let user = 0; user < 100; user++)
    await cli.service.importTotp(`user ${user}`, '7'.repeat(20), { encoding: 'text' });
  cli.config.store = {
    ...cli.store,
    get(userId: string) {
      process.emit('SIGINT');
      return cli.store.get(userId);
    },
  };
  jest.spyOn(process.stderr, 'write').mockImplementation((_text, ...more) => {
    for (const done of more) if (typeof done === 'function') done();
    return true;
  });
  const { code, out } = await runProgram(['reseal', '--config', `${cli.directory}/express-mfa.config.cjs`]);
  await cli.close();
  expect(code).toBe(1);
  expect(Number(/^Accounts: (\d+)/.exec(out)?.[1])).toBeLessThan(100);
});
