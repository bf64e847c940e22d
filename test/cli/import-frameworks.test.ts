import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
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
    const ran = await importFrom(cli, {
      from: 'better-auth',
      file: 'two-factor.jsonl',
      text: jsonLines(rows),
    });
    expect([ran.code, ran.out]).toEqual([0, both]);
    expectSilence(ran, all);
    await expectLogins(cli, all);
  });

  test.each([randomBytes(72).toString('hex'), `$ba$1$${randomBytes(20).toString('hex')}`])(
    'still encrypted is refused: as text it would be a secret that nobody has',
    async (secret) => {
      const row = { userId: '7', secret, backupCodes: randomBytes(160).toString('hex') };
      const ran = await importFrom(cli, {
        from: 'better-auth',
        file: 'two-factor.jsonl',
        text: jsonLines([row]),
      });
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
    const ran = await importFrom(cli, {
      from: 'laravel-fortify',
      file: 'users.jsonl',
      text: jsonLines(rows),
    });
    expect([ran.code, ran.out]).toEqual([0, both.replace('secret:   0', 'secret:   1')]);
    expectSilence(ran, all);
    await expectLogins(cli, all);
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
    const ran = await importFrom(cli, { from: 'laravel-fortify', file: 'users.csv', text: csv(rows) });
    expect(ran.code).toBe(1);
    expect(ran.err).toContain('line 3: its `two_factor_confirmed_at` says that no code was ever entered\n');
    await expectLogins(cli, [confirmed]);
    expect(await cli.store.get(String(begun.id))).toBeUndefined();
  });

  test('still encrypted is refused', async () => {
    const encrypted = Buffer.from(JSON.stringify({ iv: 'a', value: 'b', mac: 'c' })).toString('base64');
    const ran = await importFrom(cli, {
      from: 'laravel-fortify',
      file: 'users.jsonl',
      text: jsonLines([{ id: 7, two_factor_secret: encrypted }]),
    });
    expect(ran.code).toBe(1);
    expect(ran.err).toContain('line 1: its secret is still encrypted');
  });
});
