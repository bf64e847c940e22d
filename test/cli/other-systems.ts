import { randomBytes } from 'node:crypto';
import { expect } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';
import { type Cli, type Ran, serviceOn } from './open-cli.ts';

/** Two steps on: past every code that the old system may have taken. */
const later = Date.now() + 60_000;

/** A user as another system has them. */
export interface User {
  readonly id: string | number;
  /** The bytes by which the authenticator app of this user makes codes. */
  readonly bytes: Buffer;
  readonly codes: readonly string[];
}

export const letters = (length: number) =>
  randomBytes(length * 2)
    .toString('base64url')
    .replace(/[-_]/g, '')
    .slice(0, length);
export const base32 = (bytes: Buffer) => new Secret({ buffer: new Uint8Array(bytes).buffer }).base32;
export const jsonLines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
const quoted = (value: unknown) => `"${String(value).replaceAll('"', '""')}"`;
export const csv = (rows: readonly object[]) =>
  [Object.keys(rows[0] ?? {}).join(), ...rows.map((row) => Object.values(row).map(quoted).join())].join(
    '\r\n',
  );

/** Two users as a system has them that makes secrets of `bytes()` and codes of `code()`. */
export function usersOf({ bytes, code }: { bytes: () => Buffer; code: () => string }): User[] {
  return ['65f0c0ffee', 42].map((id) => ({ id, bytes: bytes(), codes: Array.from({ length: 3 }, code) }));
}

/** Writes an export, and imports it. */
export async function importFrom(
  cli: Cli,
  { from, file, text, more = [] }: { from: string; file: string; text: string; more?: readonly string[] },
): Promise<Ran> {
  await cli.write(file, text);
  return cli.run(['import', file, '--from', from, ...more]);
}

/** Logs every user in: by the app that they have, and by a code that they have printed. */
export async function expectLogins({ store }: Cli, users: readonly User[]): Promise<void> {
  const service = serviceOn(store, { now: () => later });
  for (const { id, bytes, codes } of users) {
    const code = new TOTP({ secret: base32(bytes) }).generate({ timestamp: later });
    expect(await service.verify(id, { code })).toMatchObject({ ok: true, method: 'totp' });
    for (const code of codes)
      expect(await service.verify(id, { code })).toMatchObject({ ok: true, method: 'backup_code' });
  }
}

/** Nothing of what is secret is printed. */
export function expectSilence({ out, err }: Ran, users: readonly User[]): void {
  for (const { bytes, codes } of users) {
    for (const secret of [...codes, bytes.toString(), base32(bytes), bytes.toString('hex')]) {
      expect(`${out}${err}`.includes(secret)).toBe(false);
    }
  }
}

/** What is printed where two users are imported. */
export const both =
  'Imported:           2\nAlready there:      0\nWithout a secret:   0\nRefused:            0\n';
