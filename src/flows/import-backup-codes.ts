import type { Account } from '../account/account.ts';
import { isEnrolled, normalForm } from '../account/factors.ts';
import { type Flow, tell } from './flow.ts';
import { hashBackupCodes } from './hash-backup-codes.ts';
import type { Imported } from './import-totp.ts';
import { type Refusal, refuse } from './refusal.ts';
import { loadAccount, updateAccount } from './update-account.ts';

const most = 32;

/**
 * Takes over the unused backup codes of another system, right after the authenticator and once: codes that were
 * spent here since must not come back. They keep their form until the user makes new ones.
 *
 * @throws TypeError where one is not 6 to 40 printable characters of ASCII.
 */
export async function importBackupCodes(flow: Flow, codes: readonly string[]): Promise<Imported | Refusal> {
  const forms = readCodes(codes);
  const refused = refusalOf(await loadAccount(flow));
  if (refused) return refused;

  const backupCodes = await hashBackupCodes(flow, forms);
  return updateAccount<Imported | Refusal>(flow, (account) => {
    const result = refusalOf(account);
    if (result) return { account, result };
    return {
      account: { ...account, backupCodes, imported: 'backup_codes' },
      result: { ok: true },
      announce: () => tell(flow, 'backup_codes.imported', { count: backupCodes.length }),
    };
  });
}

function refusalOf(account: Account): Refusal | undefined {
  if (!isEnrolled(account)) return refuse('NOT_ENROLLED');
  return account.imported === 'totp' ? undefined : refuse('CONFLICT');
}

function readCode(code: unknown): string | undefined {
  return typeof code === 'string' ? normalForm(code) : undefined;
}

function readCodes(codes: readonly string[]): string[] {
  const forms = codes.map(readCode);
  const read = forms.filter((form) => form !== undefined);
  if (read.length === forms.length && read.length > 0 && read.length <= most) return [...new Set(read)];
  throw new TypeError(`Import 1 to ${most} backup codes of 6 to 40 printable characters each.`);
}
