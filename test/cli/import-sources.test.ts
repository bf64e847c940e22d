import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import speakeasy from 'speakeasy';
import {
  base32,
  both,
  csv,
  expectLogins,
  expectSilence,
  importFrom,
  jsonLines,
  letters,
  usersOf,
} from './other-systems.ts';
import { useCli } from './use-cli.ts';

const cli = useCli();

describe('a table made by hand with speakeasy', () => {
  const made = () => speakeasy.generateSecret({ name: 'Acme' });
  const code = () => randomBytes(4).toString('hex');
  const users = () => usersOf({ bytes: () => Buffer.from(made().ascii), code });

  test('as JSON lines, with codes as a list', async () => {
    const all = users();
    const rows = all.map(({ id, bytes, codes }) => ({
      user_id: id,
      secret: base32(bytes),
      verified: true,
      backup_codes: codes,
    }));
    const ran = await importFrom(cli, { from: 'speakeasy', file: 'mfa.jsonl', text: jsonLines(rows) });
    expect([ran.code, ran.out]).toEqual([0, both]);
    expectSilence(ran, all);
    await expectLogins(cli, all);
  });

  test('as a MongoDB export of users that hold the whole object of generateSecret()', async () => {
    const secrets = [made(), made()];
    const rows = secrets.map((secret, index) => ({
      _id: { $oid: `65f0c0ffee00000000000${index}` },
      totp: { ascii: secret.ascii, hex: secret.hex, base32: secret.base32, otpauth_url: secret.otpauth_url },
    }));
    const fields = ['--user-field', '_id.$oid', '--secret-field', 'totp.base32'];
    const ran = await importFrom(cli, {
      from: 'speakeasy',
      file: 'users.json',
      text: jsonLines(rows),
      more: fields,
    });
    expect([ran.code, ran.out]).toEqual([0, both]);
    const all = rows.map(({ _id, totp }) => ({ id: _id.$oid, bytes: Buffer.from(totp.ascii), codes: [] }));
    expectSilence(ran, all);
    await expectLogins(cli, all);
  });

  test('with the secret in hexadecimal digits', async () => {
    const all = users();
    const rows = all.map(({ id, bytes, codes }) => ({
      user_id: id,
      secret: bytes.toString('hex'),
      backup_codes: codes.join(' '),
    }));
    const ran = await importFrom(cli, {
      from: 'speakeasy',
      file: 'mfa.csv',
      text: csv(rows),
      more: ['--encoding', 'hex'],
    });
    expect([ran.code, ran.out]).toEqual([0, both]);
    await expectLogins(cli, all);
  });
});

describe('a table made by hand with otplib', () => {
  test('as CSV, with codes as a list of PostgreSQL', async () => {
    const all = usersOf({ bytes: () => randomBytes(20), code: () => letters(10) });
    const rows = all.map(({ id, bytes, codes }) => ({
      user_id: id,
      secret: base32(bytes),
      verified: 't',
      backup_codes: `{${codes.join()}}`,
    }));
    const ran = await importFrom(cli, { from: 'otplib', file: 'mfa.csv', text: csv(rows) });
    expect([ran.code, ran.out]).toEqual([0, both]);
    expectSilence(ran, all);
    await expectLogins(cli, all);
  });

  test('whose secrets are the 10 bytes that version 12 makes: refused, each by its line', async () => {
    const all = usersOf({ bytes: () => randomBytes(10), code: () => letters(10) });
    const rows = all.map(({ id, bytes }) => ({ user_id: id, secret: base32(bytes) }));
    const ran = await importFrom(cli, { from: 'otplib', file: 'mfa.csv', text: csv(rows) });
    const reason =
      'its secret of 16 characters is not base32, or is shorter than the 16 bytes that RFC 4226 asks for';
    expect(ran.code).toBe(1);
    expect(ran.err.split('\n').sort()).toEqual(
      expect.arrayContaining([`line 2: ${reason}`, `line 3: ${reason}`]),
    );
    expectSilence(ran, all);
    for (const { id } of all) expect(await cli.store.get(String(id))).toBeUndefined();
  });
});

describe('passport-totp', () => {
  test('whose key is the secret itself', async () => {
    const all = usersOf({ bytes: () => Buffer.from(letters(20)), code: () => '' }).map((user) => ({
      ...user,
      codes: [],
    }));
    const rows = all.map(({ id, bytes }, index) => ({
      user_id: id,
      key: bytes.toString(),
      period: [30, null][index],
    }));
    const ran = await importFrom(cli, { from: 'passport-totp', file: 'keys.ndjson', text: jsonLines(rows) });
    expect([ran.code, ran.out]).toEqual([0, both]);
    expectSilence(ran, all);
    await expectLogins(cli, all);
  });

  test.each([
    [{ period: 60 }, 'its `period` is not 30'],
    [{ period: '30', step: '10' }, 'its `step` is not 30'],
    [{ digits: 8 }, 'its `digits` is not 6'],
    [{ digits: '6', algorithm: 'SHA256' }, 'its `algorithm` is not SHA1'],
  ])('whose authenticators make other codes is refused: %j', async (settings, reason) => {
    const row = { user_id: 7, key: 'k'.repeat(20), ...settings };
    const ran = await importFrom(cli, { from: 'passport-totp', file: 'keys.jsonl', text: jsonLines([row]) });
    expect(ran.code).toBe(1);
    expect(ran.err).toContain(`line 1: ${reason}\n`);
    expect(await cli.store.get('7')).toBeUndefined();
  });

  test.each(['SHA1', 'sha1', 'SHA-1', 'HmacSHA1'])('the algorithm may be called %s', async (algorithm) => {
    const row = { user_id: 7, key: 'k'.repeat(20), period: '30', digits: '6', algorithm };
    expect(
      (await importFrom(cli, { from: 'passport-totp', file: 'keys.jsonl', text: jsonLines([row]) })).code,
    ).toBe(0);
  });
});
