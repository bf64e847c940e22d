import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createDeadline, deadlineMs, patientDeadline } from '../src/deadline.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const taking = (ms: number) => () => new Promise<string>((resolve) => setTimeout(resolve, ms, 'done'));
const never = () => new Promise<string>(() => undefined);
const tooLate = { name: 'MfaError', code: 'deadline_exceeded', status: 503 };

/** How a promise ended, without waiting for one that did not. */
function outcomeOf(promise: Promise<unknown>) {
  const outcome: { value?: unknown; error?: unknown } = {};
  promise.then(
    (value) => Object.assign(outcome, { value }),
    (error) => Object.assign(outcome, { error }),
  );
  return outcome;
}

test('leaves two tenths of a second of the two for the answer', () => {
  expect(deadlineMs).toBe(1_800);
});

describe('a call', () => {
  test('that is in time gives its value, and leaves no timer behind', async () => {
    const deadline = createDeadline(100);
    const outcome = outcomeOf(deadline.run(taking(99)));
    await jest.advanceTimersByTimeAsync(99);
    expect(outcome).toEqual({ value: 'done' });
    expect(deadline.exceeded).toBe(false);
    expect(jest.getTimerCount()).toBe(0);
  });

  test('that is late is given up at the deadline, not before', async () => {
    const deadline = createDeadline(100);
    const outcome = outcomeOf(deadline.run(never));
    await jest.advanceTimersByTimeAsync(99);
    expect(outcome).toEqual({});
    expect(deadline.exceeded).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(outcome.error).toMatchObject(tooLate);
    expect(deadline.exceeded).toBe(true);
  });

  test('that succeeds after its time changes nothing any more', async () => {
    const deadline = createDeadline(100);
    const outcome = outcomeOf(deadline.run(taking(150)));
    await jest.advanceTimersByTimeAsync(200);
    expect(outcome.error).toMatchObject(tooLate);
    expect(outcome).not.toHaveProperty('value');
  });

  test('that fails after its time is not an unhandled rejection', async () => {
    const deadline = createDeadline(100);
    const failsLate = () => new Promise<void>((_, reject) => setTimeout(reject, 150, new Error('late')));
    const outcome = outcomeOf(deadline.run(failsLate));
    await jest.advanceTimersByTimeAsync(200);
    expect(outcome.error).toMatchObject(tooLate);
  });

  test('that rejects, or throws at once, rejects with its own error', async () => {
    const error = new Error('of the store');
    const throws = (): Promise<void> => {
      throw error;
    };
    await expect(createDeadline(100).run(() => Promise.reject(error))).rejects.toBe(error);
    await expect(createDeadline(100).run(throws)).rejects.toBe(error);
    expect(jest.getTimerCount()).toBe(0);
  });

  test('is not even begun when time is up', async () => {
    const deadline = createDeadline(100);
    const outcome = outcomeOf(deadline.run(never));
    await jest.advanceTimersByTimeAsync(100);
    expect(outcome.error).toMatchObject(tooLate);
    const call = jest.fn(taking(1));
    await expect(deadline.run(call)).rejects.toMatchObject(tooLate);
    expect(call).not.toHaveBeenCalled();
  });
});

describe('the time of several calls', () => {
  test('is one: it runs from the beginning, whether calls are under way or not', async () => {
    const deadline = createDeadline(100);
    const first = outcomeOf(deadline.run(taking(40)));
    await jest.advanceTimersByTimeAsync(40);
    expect(first).toEqual({ value: 'done' });
    await jest.advanceTimersByTimeAsync(40);
    const second = outcomeOf(deadline.run(never));
    const third = outcomeOf(deadline.run(taking(40)));
    await jest.advanceTimersByTimeAsync(19);
    expect([second, third, deadline.exceeded]).toEqual([{}, {}, false]);
    await jest.advanceTimersByTimeAsync(1);
    expect(second.error).toMatchObject(tooLate);
    expect(third.error).toMatchObject(tooLate);
    expect(deadline.exceeded).toBe(true);
  });

  test('is told together with who was late', async () => {
    const deadline = createDeadline(100);
    const outcome = outcomeOf(deadline.run(never, '`put` of the store'));
    await jest.advanceTimersByTimeAsync(100);
    expect(outcome.error).toMatchObject({ cause: new Error('`put` of the store did not answer in time.') });
  });
});

test('our own work does not count, whether it succeeds or fails', async () => {
  const deadline = createDeadline(100);
  const work = outcomeOf(deadline.work(taking(500)));
  await jest.advanceTimersByTimeAsync(500);
  const failing = outcomeOf(deadline.work(() => taking(500)().then(() => Promise.reject(new Error('no')))));
  await jest.advanceTimersByTimeAsync(500);
  expect([work, failing]).toEqual([{ value: 'done' }, { error: new Error('no') }]);
  const call = outcomeOf(deadline.run(never));
  await jest.advanceTimersByTimeAsync(99);
  expect([call, deadline.exceeded]).toEqual([{}, false]);
  await jest.advanceTimersByTimeAsync(1);
  expect(call.error).toMatchObject(tooLate);
});

test('where no request waits each call has the time for itself, and our own work as long as it takes', async () => {
  const deadline = patientDeadline();
  for (let call = 0; call < 2; call++) {
    const late = outcomeOf(deadline.run(never));
    await jest.advanceTimersByTimeAsync(deadlineMs);
    expect(late.error).toMatchObject(tooLate);
  }
  const work = outcomeOf(deadline.work(taking(60_000)));
  await jest.advanceTimersByTimeAsync(60_000);
  expect([work, deadline.exceeded]).toEqual([{ value: 'done' }, false]);
});
