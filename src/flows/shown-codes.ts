import * as v from 'valibot';
import { isWithin } from '../account/logins.ts';
import { ownObject } from '../without-prototype.ts';
import type { Flow } from './flow.ts';
import { ifReadable } from './if-readable.ts';
import { openValue, sealValue } from './sealed-value.ts';
import { loadAccount } from './update-account.ts';

const purpose = 'shown backup codes';

/** How long backup codes can be shown after they were made, in ms. */
const shownLifeMs = 600_000;

const schema = ownObject({ backupCodes: v.array(v.string()), epoch: v.string(), madeAt: v.number() });

/** A set of backup codes that has just come into force. */
export interface NewSet {
  readonly backupCodes: readonly string[];
  /** The account's. */
  readonly epoch: string;
}

/** Backup codes on their way to the page that shows them: between two requests they are kept sealed. */
export function sealShownCodes(flow: Flow, { backupCodes, epoch }: NewSet): string {
  return sealValue(flow, purpose, { backupCodes, epoch, madeAt: flow.now() });
}

/**
 * Undefined where they were made too long ago, cannot be read any more, or are not the account's any more: a
 * session that was ended must not be let in again by what it still shows.
 */
export async function openShownCodes(flow: Flow, sealed: string): Promise<readonly string[] | undefined> {
  const opened = ifReadable(flow, () => openValue(flow, purpose, { sealed, schema }));
  if (!opened) return undefined;
  const { backupCodes, epoch, madeAt } = opened;
  if (!isWithin(madeAt, shownLifeMs, flow.now())) return undefined;
  const account = await loadAccount(flow);
  return account.epoch === epoch && (account.regeneratedAt ?? 0) <= madeAt ? backupCodes : undefined;
}
