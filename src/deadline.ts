import { MfaError } from './errors.ts';

/** What a whole request may spend in stores, in ms: the answer shall be out within two seconds. */
export const deadlineMs = 1_800;

/**
 * The time that the store and session calls of one request may take together. A client's own timeout does
 * not end a command that is already written, so each call races this clock instead.
 */
export interface Deadline {
  /**
   * Runs `call` if there is time left.
   *
   * @throws MfaError `deadline_exceeded` when time is up; what `call` does later is not looked at any more.
   */
  run<T>(call: () => Promise<T>): Promise<T>;
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
    run(call) {
      const ms = remaining();
      if (ms <= 0) return Promise.reject(new MfaError('deadline_exceeded'));
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
        const timer = setTimeout(() => close() && reject(new MfaError('deadline_exceeded')), ms);
        started(call).then(
          (value) => close() && resolve(value),
          (error) => close() && reject(error),
        );
      });
    },
  };
}

/** A call that throws at once is a rejection like any other. */
function started<T>(call: () => Promise<T>): Promise<T> {
  try {
    // A store without promises is one all the same.
    return Promise.resolve(call());
  } catch (error) {
    return Promise.reject(error);
  }
}
