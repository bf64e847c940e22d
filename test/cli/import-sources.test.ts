import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import speakeasy from 'speakeasy';
import { type Cli, openCli, type Ran, serviceOn } from './open-cli.ts';

/** Two steps on: past every code that the old system may have taken. */
const later = Date.now() + 60_000;
let cli: Cli;
beforeEach(async () => {
  cli = await openCli();
});
afterEach(() => cli.close());

interface User {
  readonly id: string | number;
  /** The bytes by which the authenticator app of this user makes codes. */
  readonly bytes: Buffer;
  readonly codes: readonly string[];
}

const letters = (length: number) =>
  randomBytes(length * 2)
    .toString('base64url')
    .replace(/[-_]/g, '')
    .slice(0, length);
const base32 = (bytes: Buffer) => new Secret({ buffer: new Uint8Array(bytes).buffer }).base32;
const jsonLines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const quoted = (value: unknown) => `"${String(value).replaceAll('"', '""')}"`;
const csv = (rows: readonly object[]) =>
  [Object.keys(rows[0] ?? {}).join(), ...rows.map((row) => Object.values(row).map(quoted).join())].join(
    '\r\n',
  );

/** Two users as a system has them that makes secrets of `bytes()` and codes of `code()`. */
function usersOf({ bytes, code }: { bytes: () => Buffer; code: () => string }): User[] {
  return ['65f0c0ffee', 42].map((id) => ({ id, bytes: bytes(), codes: Array.from({ length: 3 }, code) }));
}

async function importFrom(
  from: string,
  file: string,
  text: string,
  more: readonly string[] = [],
): Promise<Ran> {
  await cli.write(file, text);
  return cli.run(['import', file, '--from', from, ...more]);
}

/** Logs every user in: by the app that they have, and by a code that they have printed. */
async function expectLogins(users: readonly User[]): Promise<void> {
  const service = serviceOn(cli.store, { now: () => later });
  for (const { id, bytes, codes } of users) {
    const code = new TOTP({ secret: base32(bytes) }).generate({ timestamp: later });
    expect(await service.verify(id, { code })).toMatchObject({ ok: true, method: 'totp' });
    for (const code of codes)
      expect(await service.verify(id, { code })).toMatchObject({ ok: true, method: 'backup_code' });
  }
}

/** Nothing of what is secret is printed. */
function expectSilence({ out, err }: Ran, users: readonly User[]): void {
  for (const { bytes, codes } of users) {
    for (const secret of [...codes, bytes.toString(), base32(bytes), bytes.toString('hex')]) {
      expect(`${out}${err}`.includes(secret)).toBe(false);
    }
  }
}

const both = 'Imported:           2\nAlready there:      0\nWithout a secret:   0\nRefused:            0\n';

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
    const ran = await importFrom('speakeasy', 'mfa.jsonl', jsonLines(rows));
    expect([ran.code, ran.out]).toEqual([0, both]);
    expectSilence(ran, all);
    await expectLogins(all);
  });

  test('as a MongoDB export of users that hold the whole object of generateSecret()', async () => {
    const secrets = [made(), made()];
    const rows = secrets.map((secret, index) => ({
      _id: { $oid: `65f0c0ffee00000000000${index}` },
      totp: { ascii: secret.ascii, hex: secret.hex, base32: secret.base32, otpauth_url: secret.otpauth_url },
    }));
    const fields = ['--user-field', '_id.$oid', '--secret-field', 'totp.base32'];
    const ran = await importFrom('speakeasy', 'users.json', jsonLines(rows), fields);
    expect([ran.code, ran.out]).toEqual([0, both]);
    const all = rows.map(({ _id, totp }) => ({ id: _id.$oid, bytes: Buffer.from(totp.ascii), codes: [] }));
    expectSilence(ran, all);
    await expectLogins(all);
  });

  test('with the secret in hexadecimal digits', async () => {
    const all = users();
    const rows = all.map(({ id, bytes, codes }) => ({
      user_id: id,
      secret: bytes.toString('hex'),
      backup_codes: codes.join(' '),
    }));
    const ran = await importFrom('speakeasy', 'mfa.csv', csv(rows), ['--encoding', 'hex']);
    expect([ran.code, ran.out]).toEqual([0, both]);
    await expectLogins(all);
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
    const ran = await importFrom('otplib', 'mfa.csv', csv(rows));
    expect([ran.code, ran.out]).toEqual([0, both]);
    expectSilence(ran, all);
    await expectLogins(all);
  });

  test('whose secrets are the 10 bytes that version 12 makes: refused, each by its line', async () => {
    const all = usersOf({ bytes: () => randomBytes(10), code: () => letters(10) });
    const rows = all.map(({ id, bytes }) => ({ user_id: id, secret: base32(bytes) }));
    const ran = await importFrom('otplib', 'mfa.csv', csv(rows));
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
    const ran = await importFrom('passport-totp', 'keys.ndjson', jsonLines(rows));
    expect([ran.code, ran.out]).toEqual([0, both]);
    expectSilence(ran, all);
    await expectLogins(all);
  });

  test.each([
    [{ period: 60 }, 'its `period` is not 30'],
    [{ period: '30', step: '10' }, 'its `step` is not 30'],
    [{ digits: 8 }, 'its `digits` is not 6'],
    [{ digits: '6', algorithm: 'SHA256' }, 'its `algorithm` is not SHA1'],
  ])('whose authenticators make other codes is refused: %j', async (settings, reason) => {
    const row = { user_id: 7, key: 'k'.repeat(20), ...settings };
    const ran = await importFrom('passport-totp', 'keys.jsonl', jsonLines([row]));
    expect(ran.code).toBe(1);
    expect(ran.err).toContain(`line 1: ${reason}\n`);
    expect(await cli.store.get('7')).toBeUndefined();
  });

  test.each(['SHA1', 'sha1', 'SHA-1', 'HmacSHA1'])('the algorithm may be called %s', async (algorithm) => {
    const row = { user_id: 7, key: 'k'.repeat(20), period: '30', digits: '6', algorithm };
    expect((await importFrom('passport-totp', 'keys.jsonl', jsonLines([row]))).code).toBe(0);
  });
});

describe('better-auth', () => {
  const users = () =>
    usersOf({ bytes: () => Buffer.from(letters(32)), code: () => `${letters(5)}-${letters(5)}` });

  test('decrypted, with codes as the JSON of a list', async () => {
    const all = users();
    const rows = all.map(({ id, bytes, codes }) => ({
      id: letters(32),
      userId: id,
      secret: bytes.toString(),
      backupCodes: JSON.stringify(codes),
      verified: true,
    }));
    const ran = await importFrom('better-auth', 'two-factor.jsonl', jsonLines(rows));
    expect([ran.code, ran.out]).toEqual([0, both]);
    expectSilence(ran, all);
    await expectLogins(all);
  });

  test.each([randomBytes(72).toString('hex'), `$ba$1$${randomBytes(20).toString('hex')}`])(
    'still encrypted is refused: as text it would be a secret that nobody has',
    async (secret) => {
      const row = { userId: '7', secret, backupCodes: randomBytes(160).toString('hex') };
      const ran = await importFrom('better-auth', 'two-factor.jsonl', jsonLines([row]));
      expect(ran.code).toBe(1);
      expect(ran.err).toContain('line 1: its secret is still encrypted: export it decrypted');
      expect(`${ran.out}${ran.err}`).not.toContain(secret);
      expect(await cli.store.get('7')).toBeUndefined();
    },
  );
});

describe('Laravel Fortify', () => {
  const users = () => usersOf({ bytes: () => randomBytes(20), code: () => `${letters(10)}-${letters(10)}` });

  test('as JSON lines, among users who have no second step', async () => {
    const all = users();
    const rows: object[] = all.map(({ id, bytes, codes }) => ({
      id,
      two_factor_secret: base32(bytes),
      two_factor_recovery_codes: codes,
      two_factor_confirmed_at: '2025-03-04 05:06:07',
    }));
    rows.push({
      id: 43,
      two_factor_secret: null,
      two_factor_recovery_codes: null,
      two_factor_confirmed_at: null,
    });
    const ran = await importFrom('laravel-fortify', 'users.jsonl', jsonLines(rows));
    expect([ran.code, ran.out]).toEqual([0, both.replace('secret:   0', 'secret:   1')]);
    expectSilence(ran, all);
    await expectLogins(all);
    expect(await cli.store.get('43')).toBeUndefined();
  });

  test('as CSV, with one who never entered a code', async () => {
    const [confirmed, begun] = users();
    if (!confirmed || !begun) throw new Error('There are two users.');
    const rows = [confirmed, begun].map(({ id, bytes, codes }) => ({
      id,
      two_factor_secret: base32(bytes),
      two_factor_recovery_codes: JSON.stringify(codes),
      two_factor_confirmed_at: id === begun.id ? '' : '2025-03-04 05:06:07',
    }));
    const ran = await importFrom('laravel-fortify', 'users.csv', csv(rows));
    expect(ran.code).toBe(1);
    expect(ran.err).toContain('line 3: its `two_factor_confirmed_at` says that no code was ever entered\n');
    await expectLogins([confirmed]);
    expect(await cli.store.get(String(begun.id))).toBeUndefined();
  });

  test('still encrypted is refused', async () => {
    const encrypted = Buffer.from(JSON.stringify({ iv: 'a', value: 'b', mac: 'c' })).toString('base64');
    const ran = await importFrom(
      'laravel-fortify',
      'users.jsonl',
      jsonLines([{ id: 7, two_factor_secret: encrypted }]),
    );
    expect(ran.code).toBe(1);
    expect(ran.err).toContain('line 1: its secret is still encrypted');
  });
});
