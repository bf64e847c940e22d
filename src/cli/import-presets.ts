import type { SecretEncoding } from '../flows/import-totp.ts';

/** Where in a row of an export things stand, and how they are written. */
export interface Fields {
  readonly user: string;
  readonly secret: string;
  /** Empty where backup codes are not taken over. */
  readonly codes: string;
  readonly encoding: SecretEncoding;
  /** What tells that the user has proven the authenticator once. A row that does not have it is believed. */
  readonly confirmed: string;
  /** What a secret looks like that the other system has encrypted, and nobody decrypted yet. */
  readonly encrypted?: RegExp;
}

/** A table that somebody made by hand. */
const plain: Fields = {
  user: 'user_id',
  secret: 'secret',
  codes: 'backup_codes',
  encoding: 'base32',
  confirmed: 'confirmed',
};

/** What `--from` names. */
export const importPresets: Readonly<Record<string, Fields>> = {
  speakeasy: { ...plain, confirmed: 'verified' },
  otplib: { ...plain, confirmed: 'verified' },
  // The strategy is handed the key itself: its text is the secret, and apps show it in base32.
  'passport-totp': { ...plain, secret: 'key', encoding: 'text' },
  // 32 random characters, whose bytes are the secret. Encrypted they are many hexadecimal digits, or an envelope with `$`.
  'better-auth': {
    user: 'userId',
    secret: 'secret',
    codes: 'backupCodes',
    encoding: 'text',
    confirmed: 'verified',
    encrypted: /^[0-9a-f]{80,}$|\$/,
  },
  // Columns of the users table. Laravel encrypts to the base64 of a JSON object.
  'laravel-fortify': {
    user: 'id',
    secret: 'two_factor_secret',
    codes: 'two_factor_recovery_codes',
    encoding: 'base32',
    confirmed: 'two_factor_confirmed_at',
    encrypted: /^eyJ/,
  },
};

/** What is taken for granted without `--from`. */
export const defaultFields = plain;
