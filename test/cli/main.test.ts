import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pkg from '../../package.json' with { type: 'json' };
import { type Cli, openCli } from './open-cli.ts';

let cli: Cli;
beforeAll(async () => {
  cli = await openCli();
});
afterAll(() => cli.close());

const names = ['keygen', 'status', 'reset', 'unlock', 'reseal', 'import', 'doctor'];

test.each([[[]], [['help']], [['--help']], [['-h']]])('help is given to %j', async (args) => {
  const { code, out, err } = await cli.run(args);
  expect([code, err]).toEqual([0, '']);
  for (const name of names) expect(out).toMatch(new RegExp(`^  ${name} .*\\.$`, 'm'));
  expect(out).toContain('Exit codes: 0 fine; 1 something was found, refused or failed; 2 called wrongly.');
});

test.each(names)('%s tells what it takes, three times the same', async (name) => {
  const ways = [
    ['help', name],
    [name, '--help'],
    [name, '-h', 'whatever'],
  ];
  const answers = await Promise.all(ways.map((args) => cli.run(args)));
  expect(new Set(answers.map(({ out }) => out)).size).toBe(1);
  expect(answers.map(({ code, err }) => [code, err])).toEqual(ways.map(() => [0, '']));
  expect(answers[0]?.out).toMatch(new RegExp(`^express-mfa ${name}`));
  expect(answers[0]?.out.includes('--config FILE')).toBe(name !== 'keygen');
});

test('--version prints that of the package', async () => {
  expect(await cli.run(['--version'])).toEqual({ code: 0, out: `${pkg.version}\n`, err: '' });
});

test('keygen prints a new key each time, and nothing else', async () => {
  const keys = await Promise.all([cli.run(['keygen']), cli.run(['keygen'])]);
  for (const { code, out, err } of keys) {
    expect([code, err]).toEqual([0, '']);
    expect(Buffer.from(out.trim(), 'base64')).toHaveLength(32);
    cli.config.keys = [out.trim()];
    expect((await cli.run(['status', 'nobody'])).code).toBe(0);
  }
  expect(keys[0]?.out).not.toBe(keys[1]?.out);
});

test.each([
  [['explode'], 'There is no command "explode": express-mfa help lists them.'],
  [['help', 'explode'], 'There is no command "explode": express-mfa help lists them.'],
  [['keygen', 'now'], 'Remove "now": nothing is expected there.'],
  [['status'], 'Name one USER.'],
  [['status', ''], 'Name one USER.'],
  [['status', '7', '8'], 'Remove "8": nothing is expected there.'],
  [['status', '7', '--yaml'], "Unknown option '--yaml'"],
  [['status', '7', '--config'], "Option '--config <value>' argument missing"],
  [['status', '--', '--help', '-h'], 'Remove "-h": nothing is expected there.'],
  [['reset', '7', '--yes=no'], "Option '--yes' does not take an argument"],
  [['import'], 'Name one FILE.'],
])('%j is called wrongly', async (args, sentence) => {
  const { code, out, err } = await cli.run(args);
  expect([code, out]).toEqual([2, '']);
  expect(err.startsWith(`express-mfa: ${sentence}`)).toBe(true);
  expect(err.split('\n')).toHaveLength(2);
});

test('docs/command-line.md and docs/importing.md tell of every command and every option', async () => {
  const read = (page: string) => readFileSync(join(__dirname, '../../docs', page), 'utf8');
  const pages = `${read('command-line.md')}${read('importing.md')}`;
  for (const name of names) {
    const { out } = await cli.run(['help', name]);
    const usage = /^express-mfa (.*)/.exec(out)?.[1];
    const options = [...out.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, option]) => option);
    expect(options.length).toBeGreaterThanOrEqual(name === 'keygen' ? 0 : 1);
    const untold = [usage, ...options].filter((word) => !new RegExp(`${word}\\b`).test(pages));
    expect(untold).toEqual([]);
  }
});
