import { expect, test } from '@jest/globals';
import type { MfaStore } from 'express-mfa';
import { testMfaStore } from 'express-mfa/testing';
import { faulty, plantedFaults } from './planted-faults.ts';

/** Runs the suite over a store, and gives the titles of the tests that fail. */
async function failuresOf(createStore: () => MfaStore): Promise<string[]> {
  const cases: { title: string; run: () => Promise<void> }[] = [];
  testMfaStore({ test: (title, run) => cases.push({ title, run }), createStore });
  const failed: string[] = [];
  for (const { title, run } of cases) await run().catch(() => failed.push(title));
  return failed;
}

test('a store that does everything right passes', async () => {
  expect(await failuresOf(faulty(() => ({})))).toEqual([]);
});

test.each(plantedFaults)('the suite catches a store that %s', async (_fault, title, createStore) => {
  expect(await failuresOf(createStore)).toContain(title);
});
