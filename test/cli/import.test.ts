import { describe, expect, test } from '@jest/globals';
import type { MfaStore } from 'express-mfa';
import { codes, counts, importLines, secret, writeLines } from './import-lines.ts';
import { useCli } from './use-cli.ts';

const cli = useCli();

const lines = (...rows: readonly unknown[]) => writeLines(cli, rows);
const imports = (...args: string[]) => importLines(cli, args);

describe('import', () => {
  test('imports users once: a second run changes nothing', async () => {
    await lines({ user_id: 'Ada', secret, backup_codes: codes }, { user_id: 7, secret });
    const first = await imports();
    expect([first.code, counts(first.out)]).toEqual([0, [2, 0, 0, 0]]);
    expect(await cli.service.status('Ada')).toMatchObject({ enrolled: true, backupCodesRemaining: 2 });
    expect(await cli.service.status(7)).toMatchObject({ enrolled: true, backupCodesRemaining: 0 });
    const before = await cli.accounts();
    const second = await imports();
    expect([second.code, counts(second.out)]).toEqual([0, [0, 2, 0, 0]]);
    expect(await cli.accounts()).toEqual(before);
  });

  test('leaves an account alone that the user has set up here', async () => {
    await cli.service.importTotp('Bob', 'b'.repeat(20), { encoding: 'text' });
    await cli.service.regenerateBackupCodes('Bob');
    const before = await cli.accounts();
    await lines({ user_id: 'Bob', secret, backup_codes: codes });
    expect(counts((await imports()).out)).toEqual([0, 1, 0, 0]);
    expect(await cli.accounts()).toEqual(before);
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
    expect(Object.keys(await cli.accounts())).toEqual(['admins:Ada']);
  });

  test('leaves backup codes out where no field is named', async () => {
    await lines({ user_id: 'Ada', secret, backup_codes: ['hash'] });
    expect((await imports()).code).toBe(1);
    expect((await imports('--codes-field', '')).code).toBe(0);
    expect((await cli.service.status('Ada')).backupCodesRemaining).toBe(0);
  });

  test('a dry run says the same and writes nothing', async () => {
    await cli.service.importTotp('Bob', 'b'.repeat(20), { encoding: 'text' });
    const before = await cli.accounts();
    await lines(
      { user_id: 'Ada', secret, backup_codes: codes },
      { user_id: 'Bob', secret },
      { user_id: 'Eve', secret: 'AAAA' },
      { user_id: 'Dan' },
    );
    const rehearsed = await imports('--dry-run');
    expect(rehearsed.code).toBe(1);
    expect(rehearsed.out).toMatch(/^Would be imported: +1\n/);
    expect(await cli.accounts()).toEqual(before);
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
    expect(await cli.accounts()).toEqual({});
    await lines('');
    // A file without a line is what is left of one that could not be written.
    expect((await imports()).code).toBe(1);
  });
});

test.each([
  ['users.jsonl', ''],
  ['users.csv', ''],
  ['users.csv', 'user_id,secret\n'],
])('an import of nothing is no success: %s with %j', async (file, text) => {
  await cli.write(file, text);
  const { code, out, err } = await cli.run(['import', file]);
  expect([code, counts(out), err]).toEqual([
    1,
    [0, 0, 0, 0],
    'There is no user in the file: nothing was imported.\n',
  ]);
});

test.each([
  ['\n', false],
  ['\r\n', false],
  ['', true],
])('a CSV that ends in %j may be cut off: %s', async (end, told) => {
  await cli.write('users.csv', `user_id,secret${end || '\n'}Ada,${secret}${end}`);
  const { code, err } = await cli.run(['import', 'users.csv']);
  expect([code, err.includes('make sure that it is not cut off')]).toEqual([0, told]);
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
    expect([done >= 30, done < 100, Object.keys(await cli.accounts()).length]).toEqual([true, true, done]);
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
    expect(counts(out)[0]).toBe(Object.keys(await cli.accounts()).length);
  });
});
