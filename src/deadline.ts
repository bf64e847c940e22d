import { MfaError } from './errors.ts';

/** What a whole request may take, in ms: the answer shall be out within two seconds. */
export const deadlineMs = 1_800;

/**
 * The time that all which one request waits for may take together: stores, sessions, hooks of the host, hashing. A
 * client's own timeout does not end a command that is already written, so each call races this clock instead.
 */
export interface Deadline {
  /**
   * Runs `call` if there is time left.
   *
   * @param what is waited for, as the fault names it.
   * @throws MfaError `deadline_exceeded` when time is up; what `call` does later is not looked at any more.
   */
  run<T>(call: () => T | Promise<T>, what?: string): Promise<T>;
  readonly exceeded: boolean;
}

/** The clock runs from now on. */
export function createDeadline(ms = deadlineMs): Deadline {
  const end = performance.now() + ms;
  const left = () => end - performance.now();
  return {
    get exceeded() {
      return left() <= 0;
    },
    run(call, what = 'What was asked') {
      const ms = left();
      if (ms <= 0) return Promise.reject(tooLate(what));
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(tooLate(what)), Math.ceil(ms));
        started(call)
          .then(resolve, reject)
          .finally(() => clearTimeout(timer));
      });
    },
  };
}

function tooLate(what: string): MfaError {
  return new MfaError('deadline_exceeded', { cause: new Error(`${what} did not answer in time.`) });
}

/** A call that throws at once is a rejection like any other; one that gives no promise has ended. */
async function started<T>(call: () => T | Promise<T>): Promise<T> {
  return call();
}
