import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { secret, writeLines } from './import-lines.ts';
import { useCli } from './use-cli.ts';

const cli = useCli();

const lines = (...rows: readonly unknown[]) => writeLines(cli, rows);

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
    expect(await cli.accounts()).toEqual({});
    expect(await readFile(join(cli.directory, 'users.jsonl'), 'utf8')).toContain('Ada');
  });

  test('a directory is no file', async () => {
    await mkdir(join(cli.directory, 'folder.jsonl'));
    const { code, err } = await cli.run(['import', 'folder.jsonl']);
    expect([code, err]).toEqual([1, expect.stringContaining('express-mfa: EISDIR')]);
  });
});
