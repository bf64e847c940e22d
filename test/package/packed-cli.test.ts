import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { access, constants, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type PackedPackage, packPackage } from './pack.ts';

const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
let packed: PackedPackage;
let program: string;
beforeAll(async () => {
  packed = await packPackage();
  const installed = join(packed.project, 'node_modules/express-mfa');
  const { bin } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));
  program = join(installed, bin['express-mfa']);
});
afterAll(() => rm(packed.directory, { recursive: true, force: true }));

/** A store in a file, and something that keeps a process alive, as an open pool of connections does. */
const config = (key: string) => `
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { memoryMfaStore } from 'express-mfa';
const file = new URL('accounts.json', import.meta.url);
const accounts = new Map(existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []);
const save = () => writeFileSync(file, JSON.stringify([...accounts]));
setInterval(() => undefined, 1_000);
if (typeof memoryMfaStore !== 'function') throw new Error('The package is not there.');
export const keys = ['${key}'];
export const store = {
  async get(id) { return accounts.get(id); },
  async put(id, { version, data }, expected) {
    if (accounts.get(id)?.version !== expected) return false;
    accounts.set(id, { version, data });
    save();
    // A turn of the event loop, as any database takes: else no signal is heard between two writes.
    await new Promise((done) => setImmediate(done));
    return true;
  },
  async delete(id) { accounts.delete(id); save(); },
  async *list() { yield* accounts.keys(); },
};
`;

interface Ran {
  code: number;
  out: string;
  err: string;
}

function run(args: readonly string[], flags: readonly string[] = []): Promise<Ran> {
  const cwd = packed.project;
  const { NODE_ENV: _, ...env } = process.env;
  return new Promise((resolve) => {
    execFile(process.execPath, [...flags, program, ...args], { cwd, env }, (error, out, err) => {
      resolve({ code: Number(error?.code ?? 0), out, err });
    });
  });
}

const write = (name: string, text: string) => writeFile(join(packed.project, name), text);

beforeEach(async () => {
  await rm(join(packed.project, 'accounts.json'), { force: true });
  const { out } = await run(['keygen']);
  await write('express-mfa.config.mjs', config(out.trim()));
});

test('the packed program can be run by its name, and has the version of the package', async () => {
  await access(program, constants.X_OK);
  expect(await readFile(program, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  const { version } = JSON.parse(await readFile(join(program, '../../package.json'), 'utf8'));
  expect(await run(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
});

test('it imports, tells, reseals and resets, with a config module that closes nothing', async () => {
  await write('users.csv', `user_id,secret,backup_codes\nAda,${secret},aBcDe-FgHiJ 0f9a3c\nBob,AAAA,\n`);
  const imported = await run(['import', 'users.csv']);
  expect(imported).toMatchObject({
    code: 1,
    out: expect.stringMatching(/^Imported: +1\n.*\n.*\nRefused: +1\n$/),
  });
  expect(imported.err).toContain('line 3: its secret of 4 characters is not base32');
  const status = await run(['status', 'Ada', '--json']);
  expect([status.code, JSON.parse(status.out)]).toMatchObject([
    0,
    { enrolled: true, backupCodesRemaining: 2 },
  ]);
  expect(await run(['reseal'])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^Accounts: 1, resealed: 0, /),
  });
  expect(await run(['reset', 'Ada'])).toMatchObject({ code: 2, out: '' });
  expect(await run(['reset', 'Ada', '--yes'])).toMatchObject({ code: 0, err: '' });
  expect((await run(['status', 'Ada'])).out).toMatch(/^Second step: +off$/m);
  const doctor = await run(['doctor']);
  expect([doctor.code, doctor.err]).toEqual([1, '']);
  expect(doctor.out).toMatch(/^ok {6}store +It keeps, refuses and removes as it should/m);
  expect(doctor.out).toMatch(/\nErrors: 0, warnings: 2\.\n$/);
});

test.each(['jsonl', 'csv'])(
  'a file of half a million lines passes through 40 MB of memory: %s',
  async (format) => {
    const file = createWriteStream(join(packed.project, `many.${format}`));
    if (format === 'csv') file.write('user_id,secret,note\n');
    const note = 'n'.repeat(200);
    for (let user = 0; user < 500_000; user++) {
      const line = format === 'csv' ? `${user},,${note}\n` : `{"user_id":${user},"note":"${note}"}\n`;
      if (!file.write(line)) await once(file, 'drain');
    }
    file.end();
    await finished(file);
    const { code, out, err } = await run(['import', `many.${format}`], ['--max-old-space-size=40']);
    expect([code, out]).toEqual([1, expect.stringMatching(/Without a secret: +500000\n/)]);
    expect(err.split('\n').filter((line) => line.startsWith('Importing'))).toHaveLength(10);
  },
  60_000,
);

test('Ctrl-C ends an import cleanly, and the next run goes on', async () => {
  const users = Array.from({ length: 2_000 }, (_, user) => `{"user_id":${user},"secret":"${secret}"}\n`);
  await write('users.jsonl', users.join(''));
  const child = spawn(process.execPath, [program, 'import', 'users.jsonl'], { cwd: packed.project });
  let out = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.once('data', () => child.kill('SIGINT'));
  const [code] = await once(child, 'close');
  expect(code).toBe(1);
  const done = Number(/^Imported: +(\d+)$/m.exec(out)?.[1]);
  expect([done > 0, done < 2_000]).toEqual([true, true]);
  const accounts = JSON.parse(await readFile(join(packed.project, 'accounts.json'), 'utf8'));
  expect(accounts).toHaveLength(done);
  const rest = await run(['import', 'users.jsonl', '--dry-run']);
  expect(rest.out).toMatch(new RegExp(`^Would be imported: +${2_000 - done}\nAlready there: +${done}\n`));
});
