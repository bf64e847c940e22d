import { isUserId } from '../../user-id.ts';
import type { Fields } from '../import-presets.ts';
import { readCodes } from './read-codes.ts';

/** A user as the other system has them. */
export interface UserToImport {
  readonly user: string;
  readonly secret: string;
  /** Empty where there are none. */
  readonly codes: readonly string[];
}

/** What a row says: a user to import, a user without a second step, or why it is not taken. */
export type ReadUser = UserToImport | 'no_secret' | { readonly refused: string };

type Row = Readonly<Record<string, unknown>>;

/** As wide as the column for user ids is where a database wants a width, in bytes. */
const longestUserId = 512;

/** Never says anything of the secret or the codes. */
export function readUser(row: Row, fields: Fields): ReadUser {
  const user = readId(fieldOf(row, fields.user));
  if (user === undefined) return { refused: `its \`${fields.user}\` is no user id` };
  const secret = fieldOf(row, fields.secret);
  if (isEmpty(secret)) return 'no_secret';
  const codes = fields.codes === '' ? [] : readCodes(fieldOf(row, fields.codes));
  const refused =
    complaint(row, fields, secret) ?? (codes ? undefined : `its \`${fields.codes}\` is no list of texts`);
  if (refused !== undefined || codes === undefined || typeof secret !== 'string') {
    return { refused: refused ?? `its \`${fields.secret}\` is no text` };
  }
  return { user, secret, codes };
}

function complaint(row: Row, { confirmed, encrypted }: Fields, secret: unknown): string | undefined {
  if (confirmed in row && isNo(row[confirmed]))
    return `its \`${confirmed}\` says that no code was ever entered`;
  if (typeof secret === 'string' && encrypted?.test(secret))
    return 'its secret is still encrypted: export it decrypted, as docs/importing.md shows';
  return otherThan(row, ['period', 'step'], '30') ?? otherThan(row, ['digits'], '6') ?? otherAlgorithm(row);
}

/** What our authenticators cannot be told: the app of the user would show codes that are never right. */
function otherThan(row: Row, names: readonly string[], only: string): string | undefined {
  const name = names.find((name) => !isEmpty(row[name]) && String(row[name]) !== only);
  return name && `its \`${name}\` is not ${only}`;
}

function otherAlgorithm({ algorithm }: Row): string | undefined {
  const sha1 = isEmpty(algorithm) || /^(?:hmac-?)?sha-?1$/i.test(String(algorithm));
  return sha1 ? undefined : 'its `algorithm` is not SHA1';
}

/** A field by its name, or by a path into an object: `secret.base32`. */
function fieldOf(row: Row, field: string): unknown {
  if (Object.hasOwn(row, field)) return row[field];
  let value: unknown = row;
  for (const name of field.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = Reflect.get(value, name);
  }
  return value;
}

function readId(value: unknown): string | undefined {
  if (!isUserId(value)) return undefined;
  const user = String(value);
  // U+FFFD is what bytes become that are no UTF-8; a zero byte is refused by PostgreSQL.
  return /[\0\ufffd]/.test(user) || Buffer.byteLength(user) > longestUserId ? undefined : user;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

/** As JSON and as databases write it. */
function isNo(value: unknown): boolean {
  return isEmpty(value) || /^(?:false|f|no|n|0|null|\\N)$/i.test(String(value));
}
