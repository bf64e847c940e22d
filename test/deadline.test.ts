import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createDeadline, deadlineMs } from '../src/deadline.ts';
import { createSilence } from '../src/silence.ts';

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
  test('adds up, whether they succeed or fail', async () => {
    const deadline = createDeadline(100);
    const first = outcomeOf(deadline.run(taking(40)));
    await jest.advanceTimersByTimeAsync(40);
    const failing = () => taking(40)().then(() => Promise.reject(new Error('failed')));
    const second = outcomeOf(deadline.run(failing));
    await jest.advanceTimersByTimeAsync(40);
    const third = outcomeOf(deadline.run(taking(40)));
    await jest.advanceTimersByTimeAsync(19);
    expect(third).toEqual({});
    await jest.advanceTimersByTimeAsync(1);
    expect(first).toEqual({ value: 'done' });
    expect(second.error).toEqual(new Error('failed'));
    expect(third.error).toMatchObject(tooLate);
  });

  test('does not run between them: hashing a code is no fault of the store', async () => {
    const deadline = createDeadline(100);
    const first = outcomeOf(deadline.run(taking(40)));
    await jest.advanceTimersByTimeAsync(40);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(deadline.exceeded).toBe(false);
    const second = outcomeOf(deadline.run(taking(59)));
    await jest.advanceTimersByTimeAsync(59);
    expect(first).toEqual({ value: 'done' });
    expect(second).toEqual({ value: 'done' });
  });

  test('counts once where they overlap, and ends for all of them together', async () => {
    const deadline = createDeadline(100);
    const first = outcomeOf(deadline.run(taking(60)));
    await jest.advanceTimersByTimeAsync(30);
    const second = outcomeOf(deadline.run(taking(60)));
    const hanging = outcomeOf(deadline.run(never));
    await jest.advanceTimersByTimeAsync(60);
    expect(first).toEqual({ value: 'done' });
    expect(second).toEqual({ value: 'done' });
    expect(hanging).toEqual({});
    await jest.advanceTimersByTimeAsync(9);
    expect(deadline.exceeded).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(hanging.error).toMatchObject(tooLate);
    expect(deadline.exceeded).toBe(true);
  });

  test('goes on from where it was when the last of them has ended', async () => {
    const deadline = createDeadline(100);
    outcomeOf(deadline.run(taking(50)));
    outcomeOf(deadline.run(taking(20)));
    await jest.advanceTimersByTimeAsync(1_000);
    expect(deadline.exceeded).toBe(false);
    const last = outcomeOf(deadline.run(never));
    await jest.advanceTimersByTimeAsync(49);
    expect(last).toEqual({});
    await jest.advanceTimersByTimeAsync(1);
    expect(last.error).toMatchObject(tooLate);
  });
});

test('who was late is told with it', async () => {
  const deadline = createDeadline(100);
  const outcome = outcomeOf(deadline.run(never, { what: '`put` of the store' }));
  await jest.advanceTimersByTimeAsync(100);
  expect(outcome.error).toMatchObject({ cause: new Error('`put` of the store did not answer in time.') });
});

describe('work of the processor', () => {
  const work = (deadline = createDeadline(2_000)) => {
    const silence = createSilence();
    return { deadline, silence, outcome: outcomeOf(deadline.work(taking(10_000), [silence])) };
  };

  test('may take as long as it takes, and leaves the calls their time', async () => {
    const { deadline, outcome } = work();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(outcome).toEqual({ value: 'done' });
    expect(jest.getTimerCount()).toBe(0);
    const late = outcomeOf(deadline.run(taking(1_999)));
    await jest.advanceTimersByTimeAsync(1_999);
    expect(late).toEqual({ value: 'done' });
  });

  test('that fails, fails with that', async () => {
    const fault = new Error('no memory');
    await expect(createDeadline(100).work(() => Promise.reject(fault), [])).rejects.toBe(fault);
    expect(jest.getTimerCount()).toBe(0);
  });

  test('is given up when the request is old and nobody has been answered for a second; nothing begins after it', async () => {
    const { deadline, silence, outcome } = work();
    await jest.advanceTimersByTimeAsync(1_100);
    silence.ask();
    await jest.advanceTimersByTimeAsync(900);
    expect(outcome).toEqual({});
    await jest.advanceTimersByTimeAsync(100);
    expect(outcome.error).toMatchObject(tooLate);
    expect(deadline.exceeded).toBe(true);
    const call = jest.fn(never);
    await expect(deadline.run(call)).rejects.toMatchObject(tooLate);
    expect(call).not.toHaveBeenCalled();
  });

  test('goes on where somebody else is answered', async () => {
    const { silence, outcome } = work();
    silence.ask();
    for (let ms = 0; ms < 9_000; ms += 900) {
      await jest.advanceTimersByTimeAsync(900);
      silence.ask()(true);
    }
    await jest.advanceTimersByTimeAsync(1_000);
    expect(outcome).toEqual({ value: 'done' });
  });

  test('has made the request old: a call after it waits for a second of silence, and not for all of its time', async () => {
    const silence = createSilence();
    const deadline = createDeadline(2_000);
    outcomeOf(deadline.work(taking(1_500), [silence]));
    await jest.advanceTimersByTimeAsync(1_500);
    const call = outcomeOf(deadline.run(never, { silence }));
    await jest.advanceTimersByTimeAsync(999);
    expect(call).toEqual({});
    await jest.advanceTimersByTimeAsync(101);
    expect(call.error).toMatchObject(tooLate);
    expect(deadline.exceeded).toBe(true);
  });
});
