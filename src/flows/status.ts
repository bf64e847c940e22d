import type { Account } from '../account/account.ts';
import { ofKind } from '../account/authenticator.ts';
import { areBackupCodesLow, remainingBackupCodes } from '../account/backup-codes.ts';
import { disablesAuthenticator } from '../account/budget.ts';
import type { Method } from '../account/factor.ts';
import { isEnrolled, methodsOf } from '../account/factors.ts';
import { takesImportedCodes } from '../account/imported-codes.ts';
import { isPending, type LoginTicket } from '../account/logins.ts';
import type { Flow } from './flow.ts';
import { loadAccount } from './update-account.ts';

/** What can be told about a user's second step. */
export interface MfaStatus {
  /** Whether this user's logins have a second step. */
  readonly enrolled: boolean;
  readonly totpEnabled: boolean;
  /** Whether so many codes in a row were wrong that the authenticator answers nobody; a backup code brings it back. */
  readonly totpLocked: boolean;
  readonly methods: readonly Method[];
  readonly backupCodesRemaining: number;
  /** Whether they came from another system, in its form: such an account takes 6 to 40 printable characters. */
  readonly backupCodesImported: boolean;
  /** Whether so few backup codes are left that the user should make new ones. */
  readonly backupCodesLow: boolean;
  /** What a session has to match, for as long as nothing about the user's security changes. */
  readonly epoch: string;
}

export async function status(flow: Flow): Promise<MfaStatus> {
  return statusOf(await loadAccount(flow), flow);
}

/** What can be told of this account. */
export function statusOf(account: Account, { keyRing }: Pick<Flow, 'keyRing'>): MfaStatus {
  const enrolled = isEnrolled(account);
  const hasTotp = ofKind(account.authenticators, 'totp').length > 0;
  const remaining = remainingBackupCodes(account, keyRing);
  return {
    enrolled,
    totpEnabled: hasTotp,
    totpLocked: hasTotp && disablesAuthenticator(account.budget),
    methods: methodsOf(account),
    backupCodesRemaining: remaining,
    backupCodesImported: takesImportedCodes(account),
    backupCodesLow: enrolled && areBackupCodesLow(remaining),
    epoch: account.epoch,
  };
}

/** By what a pending login can be completed. */
export type WaysToComplete = Pick<MfaStatus, 'methods' | 'backupCodesImported'>;

/** Undefined where the pending login has ended or was completed. */
export async function waysToComplete(flow: Flow, login: LoginTicket): Promise<WaysToComplete | undefined> {
  const account = await loadAccount(flow);
  if (!isPending(account, login, flow.now())) return undefined;
  return { methods: methodsOf(account), backupCodesImported: takesImportedCodes(account) };
}
