import assert from 'node:assert/strict';
import { randomId } from '../crypto/random-id.ts';
import type { AccountToStore, MfaStore } from '../stores/store.ts';

/** Something to put, with a version of its own. */
export function record(data = 'data', enrolled = true): AccountToStore {
  return { version: randomId(), data, enrolled };
}

/** What is handed back is what is compared and parsed; a store may keep `enrolled` to itself. */
export async function assertStored(
  store: MfaStore | undefined,
  user: string,
  expected: AccountToStore | undefined,
): Promise<void> {
  const stored = await store?.get(user);
  assert.equal(stored?.version, expected?.version);
  assert.equal(stored?.data, expected?.data);
}

/** Names in which a pattern, a key or a query could go wrong. */
export function namesLike(base: string): string[] {
  const endings = ['', ' ', ':', '%', '*', '\\', '[a]', "'"];
  return [...endings.map((ending) => base + ending), base.toLowerCase(), `ä${base}`];
}
