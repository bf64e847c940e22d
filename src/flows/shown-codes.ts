import * as v from 'valibot';
import { isWithin } from '../account/logins.ts';
import { open, type SealScope, seal } from '../crypto/seal.ts';
import type { Flow } from './flow.ts';
import { ifReadable } from './if-readable.ts';

/** How long backup codes can be shown after they were made, in ms. */
const shownLifeMs = 600_000;

const schema = v.object({ backupCodes: v.array(v.string()), madeAt: v.number() });

/** Backup codes on their way to the page that shows them: between two requests they are kept sealed. */
export function sealShownCodes(flow: Flow, backupCodes: readonly string[]): string {
  return seal(Buffer.from(JSON.stringify({ backupCodes, madeAt: flow.now() })), scopeOf(flow));
}

/** Undefined where they were made too long ago, or cannot be read any more. */
export function openShownCodes(flow: Flow, sealed: string): readonly string[] | undefined {
  const text = ifReadable(flow, () => open(sealed, scopeOf(flow)).toString());
  if (text === undefined) return undefined;
  const { backupCodes, madeAt } = v.parse(schema, JSON.parse(text));
  return isWithin(madeAt, shownLifeMs, flow.now()) ? backupCodes : undefined;
}

function scopeOf({ keyRing, realm, user }: Flow): SealScope {
  return { keyRing, realm, user, purpose: 'shown backup codes' };
}
