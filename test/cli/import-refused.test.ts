import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createImporter } from '../../src/cli/import/import-user.ts';
import { defaultFields } from '../../src/cli/import-presets.ts';
import { createKeyRing } from '../../src/crypto/key-ring.ts';
import { createEventHub } from '../../src/events.ts';
import { createSilences } from '../../src/silence.ts';
import { codes, counts, importLines, secret, writeLines } from './import-lines.ts';
import { keyOf } from './open-cli.ts';
import { useCli } from './use-cli.ts';

const cli = useCli();

const lines = (...rows: readonly unknown[]) => writeLines(cli, rows);
const imports = (...args: string[]) => importLines(cli, args);

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
    expect(Object.keys(await cli.accounts())).toEqual(['Bob']);
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
    reportFault: () => undefined,
    silences: createSilences(),
    accountName: String,
    verifyPassword: undefined,
    isEnrolled: undefined,
  };
  const importUser = createImporter({ service: cli.service, settings, fields: defaultFields, dryRun: false });
  await expect(importUser({ user: 'Ada', secret, codes: [] })).rejects.toThrow('no time');
  expect(await cli.accounts()).toEqual({});
});
