import { expect, test } from '@jest/globals';
import type { MfaStore } from 'express-mfa';
import { testMfaStore } from 'express-mfa/testing';
import { faultsPlantedIn } from './planted-in.ts';

/** The contract over a real database; and over the same one with each fault planted in it, which must fail. */
export function testStore(createStore: () => MfaStore | Promise<MfaStore>): void {
  testMfaStore({ test, createStore });

  test.each(Object.entries(faultsPlantedIn))('the contract catches a store that %s', async (_, plant) => {
    const failed: string[] = [];
    const running: { title: string; run: () => Promise<void> }[] = [];
    testMfaStore({
      test: (title, run) => running.push({ title, run }),
      createStore: async () => plant(await createStore()),
    });
    for (const { title, run } of running) await run().catch(() => failed.push(title));
    expect(failed).toContain('put refuses an older version and changes nothing');
    expect(failed.length).toBeLessThan(running.length);
  });
}
