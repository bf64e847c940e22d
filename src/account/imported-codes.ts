import type { Account } from './account.ts';
import { findBackupCode, spendBackupCode } from './backup-codes.ts';
import { disablesAuthenticator, remainingWait } from './budget.ts';
import { type Factor, refuseGuess, refuseUncounted, refuseWaiting } from './factor.ts';
import { totp } from './totp.ts';

/** 6 to 40 printable characters of ASCII, the blanks around them aside. */
const form = /^[!-~][ -~]{4,38}[!-~]$/;

/**
 * Backup codes that another system made, in its form, until the user makes new ones. They may be as short as a
 * TOTP code, so unlike ours they are guessed at within the budget: a wait and too many failures stop them too.
 */
export const importedCodes: Factor = {
  method: 'backup_code',
  // They are the account's backup codes, and counted there.
  isEnrolled: () => false,
  isTakenBy: takesImportedCodes,

  read(input) {
    if (input.length > 64) return undefined;
    const code = input.trim();
    // Six digits are read as such, with blanks or without.
    return form.test(code) ? (totp.read(code) ?? code) : undefined;
  },

  async decide(account, code, context) {
    if (remainingWait(account.budget, context.now) > 0) return refuseWaiting(account, context.now);
    if (disablesAuthenticator(account.budget)) return refuseUncounted('disabled', account);
    const match = await findBackupCode(account, code, context);
    if (match) return spendBackupCode(account, match);
    return context.hasMatched() ? refuseUncounted('replayed', account) : refuseGuess(account, context.now);
  },
};

/** Whether the account's backup codes are those of another system. */
export function takesImportedCodes(account: Account): boolean {
  return account.imported === 'backup_codes';
}
