import type { MfaStore } from '../stores/store.ts';

/** What `testMfaStore` needs. */
export interface StoreContract {
  /** The `test` of jest, vitest, node:test or mocha. */
  readonly test: (title: string, run: () => Promise<void>) => unknown;
  /** A store, the same database behind each: asked once or several times a test. */
  readonly createStore: () => MfaStore | Promise<MfaStore>;
}
