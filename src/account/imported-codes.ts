import type { Account } from './account.ts';
import { matchBackupCode } from './backup-codes.ts';
import type { Factor } from './factor.ts';
import { totp } from './totp.ts';

/** 6 to 40 printable characters of ASCII, the blanks around them aside. */
const form = /^[!-~][ -~]{4,38}[!-~]$/;

/**
 * Backup codes that another system made, in its form, until the user makes new ones. They may be as short as a
 * TOTP code, so unlike ours they are guessed at within the budget: a wait and too many failures stop them too.
 */
export const importedCodes: Factor = {
  method: 'backup_code',
  amr: ['otp'],
  canBeGuessed: true,
  // They are the account's backup codes, and counted there.
  isEnrolled: () => false,
  isTakenBy: takesImportedCodes,

  read(input) {
    if (input.length > 64) return undefined;
    const code = input.trim();
    // Six digits are read as such, with blanks or without.
    return form.test(code) ? (totp.read(code) ?? code) : undefined;
  },

  match: matchBackupCode,
};

/** A code of the authenticator with blanks around it, which such a code may have: it is no wrong one of those. */
export const totpAmongBlanks: Factor = {
  ...totp,
  isEnrolled: () => false,
  isTakenBy: takesImportedCodes,
  read: (input) => (input.length <= 64 && input !== input.trim() ? totp.read(input.trim()) : undefined),
};

/** Whether the account's backup codes are those of another system. */
export function takesImportedCodes(account: Account): boolean {
  return account.imported === 'backup_codes';
}
