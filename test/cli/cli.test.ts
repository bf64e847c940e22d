import { afterEach, expect, jest, test } from '@jest/globals';

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
