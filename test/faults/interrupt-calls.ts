import type { TestApp } from '../app/create-test-app.ts';

/** Something that happens right before or right after the n-th call (from 1 on) of a flow to its stores. */
export interface Interruption {
  readonly at: number;
  readonly when: 'before' | 'after';
  readonly happens: () => unknown;
}

/**
 * Counts the calls that the library makes to the account store and the session store, and interrupts one.
 * The first read and the last touch of a session are express-session's own, and not counted.
 */
export function interruptCalls({ store, sessions }: Pick<TestApp, 'store' | 'sessions'>) {
  let calls: string[] = [];
  let interruption: Interruption | undefined;

  async function call<T>(name: string, forward: () => Promise<T>): Promise<T> {
    calls.push(name);
    const due = interruption?.at === calls.length ? interruption : undefined;
    if (due?.when === 'before') await due.happens();
    const result = await forward();
    if (due?.when === 'after') await due.happens();
    return result;
  }

  const { get, put } = store;
  store.get = (...input) => call('get', () => get.apply(store, input));
  store.put = (...input) => call('put', () => put.apply(store, input));
  const { set, destroy } = sessions;
  sessions.set = (...input) => call('set', () => set.apply(sessions, input));
  sessions.destroy = (...input) => call('destroy', () => destroy.apply(sessions, input));

  return {
    /** From now on calls are counted anew. */
    begin(next?: Interruption): void {
      calls = [];
      interruption = next;
    },
    /** The calls since then, in order. */
    get calls(): readonly string[] {
      return calls;
    },
  };
}
