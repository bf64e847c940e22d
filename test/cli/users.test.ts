import { beforeEach, describe, expect, test } from '@jest/globals';
import { useCli } from './use-cli.ts';

const codes = ['aBcDe-FgHiJ', '0f9a3c'];
const cli = useCli();
beforeEach(async () => {
  await cli.service.importTotp('Ada', '7'.repeat(20), { encoding: 'text' });
  await cli.service.importBackupCodes('Ada', codes);
});

/** A hundred wrong codes, without the waits between them. */
async function lock(user: string): Promise<void> {
  const stored = await cli.store.get(user);
  if (!stored) throw new Error('There is no account to lock.');
  const account = { ...JSON.parse(stored.data), budget: { failures: 100, waitUntil: 0 } };
  const next = { version: 'locked', data: JSON.stringify(account), enrolled: true };
  expect(await cli.store.put(user, next, stored.version)).toBe(true);
}

describe('status', () => {
  test('tells what there is, for people', async () => {
    expect(await cli.run(['status', 'Ada'])).toEqual({
      code: 0,
      err: '',
      out: [
        'User:         Ada',
        'Second step:  on',
        'Methods:      totp, backup_code',
        'Locked:       no',
        'Backup codes: 2 left, from another system',
        '',
      ].join('\n'),
    });
    await lock('Ada');
    expect((await cli.run(['status', 'Ada'])).out).toMatch(/^Locked: +yes, .*express-mfa unlock$/m);
  });

  test('tells what there is, as JSON', async () => {
    const { code, out } = await cli.run(['status', 'Ada', '--json']);
    expect([code, JSON.parse(out)]).toEqual([
      0,
      {
        user: 'Ada',
        enrolled: true,
        methods: ['totp', 'backup_code'],
        locked: false,
        backupCodesRemaining: 2,
        backupCodesImported: true,
        backupCodesLow: true,
      },
    ]);
  });

  test('tells that there is nothing, and makes no account', async () => {
    const { code, out } = await cli.run(['status', 'Bob']);
    expect(code).toBe(0);
    expect(out).toMatch(/^Second step: +off\nMethods: +none\nLocked: +no\nBackup codes: 0 left$/m);
    expect(await cli.store.get('Bob')).toBeUndefined();
  });

  test('takes a user id that begins with a hyphen', async () => {
    expect((await cli.run(['status', '--json', '--', '-7'])).out).toContain('"user":"-7"');
  });

  test('fails where the account cannot be read', async () => {
    await cli.store.put('Eve', { version: '1', data: 'what?', enrolled: true }, undefined);
    const { code, out, err } = await cli.run(['status', 'Eve']);
    expect([code, out, err]).toEqual([1, '', 'express-mfa: The stored account cannot be read.\n']);
  });
});

describe('reset', () => {
  test('removes every factor', async () => {
    const { epoch } = await cli.service.status('Ada');
    expect(await cli.run(['reset', 'Ada', '--yes'])).toEqual({
      code: 0,
      out: 'Ada has no second step any more.\n',
      err: '',
    });
    const after = await cli.service.status('Ada');
    expect([after.enrolled, after.backupCodesRemaining, after.epoch === epoch]).toEqual([false, 0, false]);
  });

  test('works on an account that cannot be read', async () => {
    await cli.store.put('Eve', { version: '1', data: 'what?', enrolled: true }, undefined);
    expect((await cli.run(['reset', 'Eve', '--yes'])).code).toBe(0);
    expect((await cli.service.status('Eve')).enrolled).toBe(false);
  });

  test.each(['y\n', 'Yes\n', ' yes '])('asks on a terminal, and does it after %j', async (typed) => {
    const { code, err } = await cli.run(['reset', 'Ada'], { tty: true, typed });
    expect(code).toBe(0);
    expect(err).toBe('Remove every factor of Ada? From then on the password alone logs them in. [y/N] ');
    expect((await cli.service.status('Ada')).enrolled).toBe(false);
  });

  test.each(['n\n', '\n', 'yesterday\n', undefined])('changes nothing after %j', async (typed) => {
    const before = await cli.store.get('Ada');
    const { code, out, err } = await cli.run(['reset', 'Ada'], { tty: true, ...(typed && { typed }) });
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/\[y\/N\] Nothing was changed\.\n$/);
    expect(await cli.store.get('Ada')).toEqual(before);
  });

  test('does not guess where nobody can be asked', async () => {
    const before = await cli.store.get('Ada');
    expect(await cli.run(['reset', 'Ada'], { typed: 'y\n' })).toEqual({
      code: 2,
      out: '',
      err: 'express-mfa: Add --yes: there is no terminal to ask on.\n',
    });
    expect(await cli.store.get('Ada')).toEqual(before);
  });
});

describe('unlock', () => {
  test('brings a disabled authenticator back', async () => {
    await lock('Ada');
    expect(await cli.run(['unlock', 'Ada'], { tty: true, typed: 'y\n' })).toEqual({
      code: 0,
      out: 'Ada can try codes again.\n',
      err: 'Let Ada try codes again? Somebody has tried wrong ones. [y/N] ',
    });
    expect(await cli.service.status('Ada')).toMatchObject({ totpLocked: false, backupCodesRemaining: 2 });
  });
});

test.each(['reset', 'unlock'])('%s says so where the store fails', async (command) => {
  const before = await cli.store.get('Ada');
  cli.config.store = { ...cli.store, get: () => Promise.reject(new Error('gone')) };
  expect(await cli.run([command, 'Ada', '--yes'])).toEqual({
    code: 1,
    out: '',
    err: 'express-mfa: The store of second-factor accounts did not answer as it should. (gone)\n',
  });
  expect(await cli.store.get('Ada')).toEqual(before);
});

test.each(['reset', 'unlock'])('%s makes no account of a mistyped id, in any realm', async (command) => {
  const sentence = 'Nothing is stored about "Adda"; nothing was changed.\n';
  expect(await cli.run([command, 'Adda', '--yes'])).toEqual({ code: 1, out: '', err: sentence });
  cli.config.realm = 'admins';
  expect(await cli.run([command, 'Ada', '--yes'])).toEqual({
    code: 1,
    out: '',
    err: 'Nothing is stored about "Ada" in the realm admins; nothing was changed.\n',
  });
  for (const key of ['Adda', 'admins:Ada']) expect(await cli.store.get(key)).toBeUndefined();
  expect((await cli.service.status('Ada')).enrolled).toBe(true);
});
