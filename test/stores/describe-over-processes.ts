import { describe } from '@jest/globals';
import { storeKindOfRun } from './store-kind.ts';

/** `describe`, for tests of several processes on the same accounts: skipped where those are in memory. */
export function describeOverProcesses(title: string, block: () => void): void {
  if (storeKindOfRun() === 'memory')
    describe.skip(`${title} (skipped: memory belongs to one process)`, block);
  else describe(title, block);
}
