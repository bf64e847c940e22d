import { randomBytes } from 'node:crypto';
import type { Account } from '../account/account.ts';
import { newBackupCodes } from '../account/backup-codes.ts';
import { isWithin } from '../account/logins.ts';
import { type Authority, changeFactors } from './change-factors.ts';
import { type Flow, tell } from './flow.ts';
import { hashBackupCodes, oneSetAtATime } from './hash-backup-codes.ts';
import { type Refusal, refuse } from './refusal.ts';

/** Half a second of processor time a set: so much between two of them, in ms. */
const pauseMs = 60_000;

/** A new set is in force; the old one is gone. */
export interface Regenerated {
  readonly ok: true;
  readonly epoch: string;
  /** Shown here and never again. */
  readonly backupCodes: readonly string[];
}

/** Replaces the backup codes by ten new ones, at most once a minute. */
export function regenerateBackupCodes(flow: Flow, authority: Authority): Promise<Regenerated | Refusal> {
  const shown = newBackupCodes(randomBytes);
  // Made when the authority is established, and once, however often the write has to be tried.
  let stored: ReturnType<typeof hashBackupCodes> | undefined;

  return oneSetAtATime(flow, () =>
    changeFactors<Regenerated>(flow, authority, {
      refusal: (account) => refuseTooSoon(account, flow.now()),
      async apply(account) {
        stored ??= hashBackupCodes(flow, shown);
        return {
          account: { ...account, backupCodes: await stored, regeneratedAt: flow.now(), imported: undefined },
          result: { ok: true, epoch: account.epoch, backupCodes: shown },
          announce: () => tell(flow, 'backup_codes.regenerated', {}),
        };
      },
    }),
  );
}

function refuseTooSoon({ regeneratedAt = 0 }: Account, now: number): Refusal | undefined {
  if (!isWithin(regeneratedAt, pauseMs, now)) return undefined;
  return refuse('TOO_MANY_ATTEMPTS', Math.min(pauseMs, regeneratedAt + pauseMs - now));
}
