import { once } from 'node:events';
import { jest } from '@jest/globals';
import type { RedisStore } from 'connect-redis';
import type { MfaStore } from 'express-mfa';

/** A call of the store that stands still until the test lets it go on. */
export interface HeldCall {
  /** Resolves when the call has come. */
  readonly arrived: Promise<unknown>;
  release(): void;
}

/** Holds the next saving of a session before it is written. */
export function holdNextSave(sessions: RedisStore): HeldCall {
  const { stop, held } = gate();
  const set = sessions.set.bind(sessions);
  jest.spyOn(sessions, 'set').mockImplementationOnce(async (id, session, done) => {
    await stop();
    await set(id, session, done);
  });
  return held;
}

/** Holds the next `get` after it has read, or the next `put` before it writes: another one comes between. */
export function holdNext(store: MfaStore, operation: 'get' | 'put'): HeldCall {
  const { stop, held } = gate();
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
  return held;
}

/** Lets none of the next `count` reads go on before all of them have read: they decide on the same account. */
export function readTogether(store: MfaStore, count: number): void {
  const get = store.get.bind(store);
  const everybody = gate();
  let reading = 0;
  jest.spyOn(store, 'get').mockImplementation(async (userId) => {
    const account = await get(userId);
    reading++;
    if (reading === count) everybody.held.release();
    else if (reading < count) await everybody.stop();
    return account;
  });
}

function gate(): { stop: () => Promise<unknown>; held: HeldCall } {
  const target = new EventTarget();
  const arrived = once(target, 'arrived');
  const released = once(target, 'released');
  const stop = () => {
    target.dispatchEvent(new Event('arrived'));
    return released;
  };
  return { stop, held: { arrived, release: () => void target.dispatchEvent(new Event('released')) } };
}
