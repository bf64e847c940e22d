import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { MfaStore } from 'express-mfa';
import { createImporter } from '../../src/cli/import/import-user.ts';
import { defaultFields } from '../../src/cli/import-presets.ts';
import { createKeyRing } from '../../src/crypto/key-ring.ts';
import { createEventHub } from '../../src/events.ts';
import { type Cli, keyOf, openCli } from './open-cli.ts';

const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const codes = ['aBcDe-FgHiJ', '0f9a3c'];
let cli: Cli;
beforeEach(async () => {
  cli = await openCli();
});
afterEach(() => cli.close());

const lines = (...rows: readonly unknown[]) =>
  cli.write(
    'users.jsonl',
    rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n'),
  );
const imports = (...args: string[]) => cli.run(['import', 'users.jsonl', ...args]);
const counts = (out: string) => (out.match(/\d+$/gm) ?? []).map(Number);

/** Every account, as it is stored. */
async function everything(): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for await (const name of cli.store.list?.() ?? []) found[name] = await cli.store.get(name);
  return found;
}

describe('import', () => {
  test('imports users once: a second run changes nothing', async () => {
    await lines({ user_id: 'Ada', secret, backup_codes: codes }, { user_id: 7, secret });
    const first = await imports();
    expect([first.code, counts(first.out)]).toEqual([0, [2, 0, 0, 0]]);
    expect(await cli.service.status('Ada')).toMatchObject({ enrolled: true, backupCodesRemaining: 2 });
    expect(await cli.service.status(7)).toMatchObject({ enrolled: true, backupCodesRemaining: 0 });
    const before = await everything();
    const second = await imports();
    expect([second.code, counts(second.out)]).toEqual([0, [0, 2, 0, 0]]);
    expect(await everything()).toEqual(before);
  });

  test('leaves an account alone that the user has set up here', async () => {
    const started = await cli.service.startEnrollment('Ada');
    if (!started.ok) throw new Error('It did not start.');
    await cli.service.importTotp('Bob', 'b'.repeat(20), { encoding: 'text' });
    await cli.service.regenerateBackupCodes('Bob');
    const before = await everything();
    await lines({ user_id: 'Bob', secret, backup_codes: codes });
    expect(counts((await imports()).out)).toEqual([0, 1, 0, 0]);
    expect(await everything()).toEqual(before);
  });

  test('brings the backup codes that a run left out which was ended between the two', async () => {
    await cli.service.importTotp('Ada', secret, { encoding: 'base32' });
    await lines({ user_id: 'Ada', secret, backup_codes: codes });
    expect(counts((await imports()).out)).toEqual([1, 0, 0, 0]);
    expect((await cli.service.status('Ada')).backupCodesRemaining).toBe(2);
    expect(counts((await imports()).out)).toEqual([0, 1, 0, 0]);
  });

  test('imports into the realm', async () => {
    cli.config.realm = 'admins';
    await lines({ user_id: 'Ada', secret });
    expect((await imports()).code).toBe(0);
    expect(Object.keys(await everything())).toEqual(['admins:Ada']);
  });

  test('leaves backup codes out where no field is named', async () => {
    await lines({ user_id: 'Ada', secret, backup_codes: ['hash'] });
    expect((await imports()).code).toBe(1);
    expect((await imports('--codes-field', '')).code).toBe(0);
    expect((await cli.service.status('Ada')).backupCodesRemaining).toBe(0);
  });

  test('a dry run says the same and writes nothing', async () => {
    await cli.service.importTotp('Bob', 'b'.repeat(20), { encoding: 'text' });
    const before = await everything();
    await lines(
      { user_id: 'Ada', secret, backup_codes: codes },
      { user_id: 'Bob', secret },
      { user_id: 'Eve', secret: 'AAAA' },
      { user_id: 'Dan' },
    );
    const rehearsed = await imports('--dry-run');
    expect(rehearsed.code).toBe(1);
    expect(rehearsed.out).toMatch(/^Would be imported: +1\n/);
    expect(await everything()).toEqual(before);
    const done = await imports();
    expect([done.code, counts(done.out)]).toEqual([1, counts(rehearsed.out)]);
    expect(counts(done.out)).toEqual([1, 1, 1, 1]);
  });

  test('draws how many bytes are read', async () => {
    await lines({ user_id: 'Ada', secret }, { user_id: 'Bob', secret });
    const { err } = await cli.run(['import', 'users.jsonl'], { tty: true });
    expect(err).toMatch(/^\rImporting \[#+-*\] \d+ % 1 lines/);
    expect(err).toMatch(/\rImporting \[########################\] 100 % 2 lines *\n$/);
  });

  test('says so where no line has a secret', async () => {
    await lines({ user_id: 'Ada', otp: secret }, { user_id: 'Bob', otp: secret });
    const { code, out, err } = await imports();
    expect([code, counts(out)]).toEqual([1, [0, 0, 2, 0]]);
    expect(err).toContain('No line has a `secret`: name the field by --secret-field.\n');
    expect(await everything()).toEqual({});
    await lines('');
    expect((await imports()).code).toBe(0);
  });
});

describe('a line is refused with its number and a reason', () => {
  const base = { user_id: 'Ada', secret };
  const short =
    'its secret of 4 characters is not base32, or is shorter than the 16 bytes that RFC 4226 asks for';
  const badCodes = 'its backup codes are not up to 32 of 6 to 40 printable characters each';
  test.each<[string, unknown, string]>([
    ['no JSON', '{"user_id":"Ada","secret":"hunter2hunter2"', 'it is not a JSON object'],
    ['a list', ['Ada', secret], 'it is not a JSON object'],
    ['no user', { secret }, 'its `user_id` is no user id'],
    ['an empty user', { ...base, user_id: '' }, 'its `user_id` is no user id'],
    [
      'a number that was rounded',
      '{"user_id":12345678901234567890,"secret":"x"}',
      'its `user_id` is no user id',
    ],
    ['a user who is an object', { ...base, user_id: { $oid: '1' } }, 'its `user_id` is no user id'],
    ['what was no UTF-8', { ...base, user_id: 'Ad\ufffd' }, 'its `user_id` is no user id'],
    ['a zero byte', { ...base, user_id: 'Ad\0' }, 'its `user_id` is no user id'],
    ['a very long user', { ...base, user_id: 'é'.repeat(257) }, 'its `user_id` is no user id'],
    ['a secret that is no text', { ...base, secret: 7 }, 'its `secret` is no text'],
    ['a secret that is too short', { ...base, secret: 'AAAA' }, short],
    ['a code that is too short', { ...base, backup_codes: ['12345'] }, badCodes],
    ['a code that is too long', { ...base, backup_codes: ['x'.repeat(41)] }, badCodes],
    [
      'too many codes',
      { ...base, backup_codes: Array.from({ length: 33 }, (_, n) => `code ${n}`) },
      badCodes,
    ],
    [
      'codes that are objects',
      { ...base, backup_codes: [{ code: 'abcdef' }] },
      'its `backup_codes` is no list of texts',
    ],
    ['codes that are an object', { ...base, backup_codes: {} }, 'its `backup_codes` is no list of texts'],
    [
      'codes in broken JSON',
      { ...base, backup_codes: '["abcdef"' },
      'its `backup_codes` is no list of texts',
    ],
    ['never confirmed', { ...base, confirmed: false }, 'its `confirmed` says that no code was ever entered'],
  ])('%s', async (_what, row, reason) => {
    await lines({ user_id: 'Bob', secret }, '', row);
    const { code, out, err } = await imports();
    expect([code, counts(out)]).toEqual([1, [1, 0, 0, 1]]);
    expect(err.split('\n').filter((line) => line.startsWith('line'))).toEqual([`line 3: ${reason}`]);
    expect(err).not.toMatch(/hunter2|GEZDGNBV|AAAA/);
    expect(Object.keys(await everything())).toEqual(['Bob']);
  });

  test.each([
    ['a list', codes],
    ['JSON of a list', JSON.stringify(codes)],
    ['a list of PostgreSQL', '{aBcDe-FgHiJ,"0f9a3c"}'],
    ['between blanks', ' aBcDe-FgHiJ  0f9a3c '],
    ['between commas', 'aBcDe-FgHiJ, 0f9a3c'],
    ['between line breaks', 'aBcDe-FgHiJ\r\n0f9a3c\n'],
  ])('backup codes may be %s', async (_form, backup_codes) => {
    await lines({ ...base, backup_codes });
    expect((await imports()).code).toBe(0);
    for (const code of codes) expect(await cli.service.verify('Ada', { code })).toMatchObject({ ok: true });
  });

  test.each([[''], [null], [[]], ['[]'], ['{}']])('backup codes may be missing: %j', async (backup_codes) => {
    await lines({ ...base, backup_codes });
    expect((await imports()).code).toBe(0);
    expect((await cli.service.status('Ada')).backupCodesRemaining).toBe(0);
  });

  test('the store has what cannot be read', async () => {
    await cli.store.put('Ada', { version: '1', data: 'what?', enrolled: true }, undefined);
    await lines(base, { ...base, user_id: 'Bob' });
    const { code, out, err } = await imports();
    expect([code, counts(out)]).toEqual([1, [1, 0, 0, 1]]);
    expect(err).toContain(
      'line 1: the store has an account of this user that cannot be read: reset it first\n',
    );
    expect((await cli.store.get('Ada'))?.data).toBe('what?');
  });

  test('reasons go to a file that only its owner reads, and then not to stderr', async () => {
    await lines({ ...base, secret: 'AAAA' }, base);
    const { code, err } = await imports('--report', 'refused.txt');
    expect([code, err.includes('line 1')]).toEqual([1, false]);
    const path = join(cli.directory, 'refused.txt');
    expect(await readFile(path, 'utf8')).toBe(`line 1: ${short}\n`);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await cli.write('users.jsonl', JSON.stringify(base));
    expect((await imports('--report', 'refused.txt')).code).toBe(0);
    expect(await readFile(path, 'utf8')).toBe('');
  });
});

test('a report that cannot be written to its end fails the run', async () => {
  await lines({ user_id: 'Ada', secret: 'AAAA' });
  const { code, err } = await imports('--report', '/dev/full');
  expect([code, err]).toEqual([1, expect.stringContaining('express-mfa: ENOSPC')]);
});

test('what is no complaint about the user is none', async () => {
  const settings = {
    store: cli.store,
    keyRing: createKeyRing([keyOf('first')]),
    realm: '',
    issuer: '',
    now() {
      throw new RangeError('no time');
    },
    events: createEventHub(() => undefined),
    accountName: String,
    verifyPassword: undefined,
    isEnrolled: undefined,
  };
  const importUser = createImporter({ service: cli.service, settings, fields: defaultFields, dryRun: false });
  await expect(importUser({ user: 'Ada', secret, codes: [] })).rejects.toThrow('no time');
  expect(await everything()).toEqual({});
});

describe('what ends a run', () => {
  /** A store whose n-th write calls `run` first. */
  function atWrite(n: number, run: () => void): MfaStore {
    let writes = 0;
    return {
      ...cli.store,
      async put(...args) {
        if (++writes === n) run();
        return cli.store.put(...args);
      },
    };
  }
  const many = () =>
    lines(...Array.from({ length: 100 }, (_, user) => ({ user_id: `user ${user}`, secret })));

  test('Ctrl-C: what was imported stays, and the next run goes on', async () => {
    await many();
    const stop = new AbortController();
    cli.config.store = atWrite(30, () => stop.abort());
    const stopped = await cli.run(['import', 'users.jsonl'], { signal: stop.signal });
    expect(stopped.code).toBe(1);
    expect(stopped.err).toMatch(/Stopped\. Start it again: what was imported is left as it is\.\n$/);
    const [done = 0] = counts(stopped.out);
    expect([done >= 30, done < 100, Object.keys(await everything()).length]).toEqual([true, true, done]);
    const { code, out } = await imports();
    expect([code, counts(out)]).toEqual([0, [100 - done, done, 0, 0]]);
  });

  test('a store that fails: told at once, with what was done', async () => {
    await many();
    cli.config.store = atWrite(30, () => {
      throw new Error('connection lost');
    });
    const { code, out, err } = await imports();
    expect(code).toBe(1);
    expect(err).toMatch(/did not answer as it should\. \(connection lost\)\n$/);
    expect(counts(out)[0]).toBe(Object.keys(await everything()).length);
  });
});

describe('import is called wrongly', () => {
  test.each([
    [['missing.jsonl'], 'The file missing.jsonl cannot be opened.'],
    [['users.txt'], 'Say what is in the file: --format jsonl or --format csv.'],
    [['users.jsonl', '--format', 'xml'], 'Say what is in the file: --format jsonl or --format csv.'],
    [['users.jsonl', '--from', 'auth0'], 'Give --from one of speakeasy, otplib, passport-totp, better-auth'],
    [['users.jsonl', '--from', 'toString'], 'Give --from one of speakeasy'],
    [['users.jsonl', '--encoding', 'rot13'], 'Give --encoding one of base32, base64, hex, text.'],
    [['users.jsonl', '--report', './users.jsonl'], 'Give --report another file: that one is read.'],
    [['users.jsonl', '--report', 'no/such/directory'], 'The report no/such/directory cannot be written.'],
    [['users.csv'], 'The first line of the file names no column `secret`.'],
  ])('%j', async (args, sentence) => {
    await lines({ user_id: 'Ada', secret });
    await cli.write('users.txt', '');
    await cli.write('users.csv', `user_id,${secret}\n`);
    const { code, err } = await cli.run(['import', ...args]);
    expect(code).toBe(2);
    expect(err).toContain(`express-mfa: ${sentence}`);
    expect(err).not.toContain(secret);
    expect(await everything()).toEqual({});
    expect(await readFile(join(cli.directory, 'users.jsonl'), 'utf8')).toContain('Ada');
  });

  test('a directory is no file', async () => {
    await mkdir(join(cli.directory, 'folder.jsonl'));
    const { code, err } = await cli.run(['import', 'folder.jsonl']);
    expect([code, err]).toEqual([1, expect.stringContaining('express-mfa: EISDIR')]);
  });
});
