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
  /** Runs our own work, which does not count: it takes as long as the processor is busy with that of others. */
  work<T>(call: () => Promise<T>): Promise<T>;
  readonly exceeded: boolean;
}

/** The clock runs from now on. */
export function createDeadline(ms = deadlineMs): Deadline {
  let end = performance.now() + ms;
  const left = () => end - performance.now();
  const deadline: Deadline = {
    get exceeded() {
      return left() <= 0;
    },
    async work(call) {
      const begun = performance.now();
      try {
        return await call();
      } finally {
        end += performance.now() - begun;
      }
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
  return deadline;
}

/** Where no request waits: each call has that time for itself, and our own work as long as it takes. */
export function patientDeadline(): Deadline {
  return {
    exceeded: false,
    run: (call, what) => createDeadline().run(call, what),
    work: (call) => call(),
  };
}

function tooLate(what: string): MfaError {
  return new MfaError('deadline_exceeded', { cause: new Error(`${what} did not answer in time.`) });
}

/** A call that throws at once is a rejection like any other; one that gives no promise has ended. */
async function started<T>(call: () => T | Promise<T>): Promise<T> {
  return call();
}
