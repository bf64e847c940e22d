import { MfaError } from './errors.ts';

/** What a whole request may spend in stores and hooks, in ms: the answer shall be out within two seconds. */
export const deadlineMs = 1_800;

/**
 * The time that the stores, the session and the hooks of one request may take together. A client's own timeout does
 * not end a command that is already written, so each call races this clock instead.
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

/** Starts no clock yet: the time counts while calls run, so that hashing a code does not eat into it. */
export function createDeadline(ms = deadlineMs): Deadline {
  let left = ms;
  let running = 0;
  let runningSince = 0;

  // Calls that overlap share their time: what counts is how long at least one of them was under way.
  function begin(): void {
    if (running++ === 0) runningSince = performance.now();
  }
  function end(): void {
    if (--running === 0) left -= performance.now() - runningSince;
  }
  function remaining(): number {
    return running === 0 ? left : left - (performance.now() - runningSince);
  }

  return {
    get exceeded() {
      return remaining() <= 0;
    },
    run(call, what = 'What was asked') {
      const ms = remaining();
      if (ms <= 0) return Promise.reject(tooLate(what));
      begin();
      return new Promise((resolve, reject) => {
        let open = true;
        function close(): boolean {
          if (!open) return false;
          open = false;
          clearTimeout(timer);
          end();
          return true;
        }
        const timer = setTimeout(() => close() && reject(tooLate(what)), ms);
        started(call).then(
          (value) => close() && resolve(value),
          (error) => close() && reject(error),
        );
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
