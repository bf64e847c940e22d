import { once } from 'node:events';
import { jest } from '@jest/globals';
import type { MfaStore } from 'express-mfa';

/** A call of the store that stands still until the test lets it go on. */
export interface HeldCall {
  /** Resolves when the call has come. */
  readonly arrived: Promise<unknown>;
  release(): void;
}

/** Holds the next `get` after it has read, or the next `put` before it writes: another one comes between. */
export function holdNext(store: MfaStore, operation: 'get' | 'put'): HeldCall {
  const gate = new EventTarget();
  const arrived = once(gate, 'arrived');
  const released = once(gate, 'released');
  const stop = () => {
    gate.dispatchEvent(new Event('arrived'));
    return released;
  };
  if (operation === 'get') {
    const get = store.get.bind(store);
    jest.spyOn(store, 'get').mockImplementationOnce(async (userId) => {
      const account = await get(userId);
      await stop();
      return account;
    });
  } else {
    const put = store.put.bind(store);
    jest.spyOn(store, 'put').mockImplementationOnce(async (userId, next, expected) => {
      await stop();
      return put(userId, next, expected);
    });
  }
  return { arrived, release: () => void gate.dispatchEvent(new Event('released')) };
}
