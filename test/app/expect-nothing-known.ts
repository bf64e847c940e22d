import { expect } from '@jest/globals';
import type { TestApp } from './create-test-app.ts';

/** Nothing is stored about a user or, where an enrolment has begun, nothing but that there is a record. */
export async function expectNothingKnown(app: TestApp, user: string): Promise<void> {
  const state = await app.state(user);
  if (state === undefined) return;
  expect(state).toEqual({
    v: 2,
    epoch: '',
    recordId: expect.stringMatching(/^[\w-]{22}$/),
    authenticators: [],
    backupCodes: [],
    budget: { failures: 0, waitUntil: 0 },
    used: [],
  });
}
