import { createDeadline } from '../deadline.ts';
import { isMfaError } from '../errors.ts';

/**
 * How long a list may take from one name to the next, in ms. Redis has to pass by everything else that it holds
 * before it finds the next account, so this is longer than any single call may take.
 */
const longestStepMs = 20_000;

/**
 * Walks a list that may be as long and as slow as it likes, but has to go on.
 *
 * @throws Error where it stands still; what it throws itself.
 */
export async function* listInTime(
  names: AsyncIterable<string>,
  stepMs = longestStepMs,
): AsyncGenerator<string, undefined> {
  const steps = stepsOf(names);
  try {
    for (;;) {
      const { value, done } = await nextInTime(steps, stepMs);
      if (done) return undefined;
      yield value;
    }
  } finally {
    // So that the store lets go of its cursor where the walk ends early; one that stands still cannot.
    await Promise.allSettled([createDeadline().run(() => steps.return(undefined))]);
  }
}

async function nextInTime(steps: AsyncGenerator<string, undefined>, ms: number) {
  try {
    return await createDeadline(ms).run(() => steps.next());
  } catch (error) {
    if (!isMfaError(error) || error.code !== 'deadline_exceeded') throw error;
    throw new Error(`\`list\` of the store did not go on within ${ms / 1_000} s.`);
  }
}

/** As `for await` takes them: a store may list without promises. */
async function* stepsOf(names: AsyncIterable<string>): AsyncGenerator<string, undefined> {
  yield* names;
  return undefined;
}
