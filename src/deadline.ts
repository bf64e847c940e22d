import { MfaError } from './errors.ts';
import type { Silence } from './silence.ts';
import { withoutPrototype } from './without-prototype.ts';

/** What a whole request may spend in stores and hooks, in ms: the answer shall be out within two seconds. */
export const deadlineMs = 1_800;
/** Whoever has answered nobody for so long is not waited for by a request that is as old as its deadline, in ms. */
const silentMs = 1_000;
/** How often a request that is older than its deadline looks whether it is still worth while, in ms. */
const lookMs = 100;

/** Of a call: what is waited for, as the fault names it, and whether anybody has lately been answered there. */
interface Asked {
  readonly what?: string;
  readonly silence?: Silence;
}

/**
 * The time that the stores, the session and the hooks of one request may take together. A client's own timeout does
 * not end a command that is already written, so each call races this clock instead.
 */
export interface Deadline {
  /**
   * Runs `call` if there is time left.
   *
   * @throws MfaError `deadline_exceeded` when time is up; what `call` does later is not looked at any more.
   */
  run<T>(call: () => T | Promise<T>, asked?: Asked): Promise<T>;
  /**
   * Runs work of the processor's, which does not count: on a busy machine it takes long, and nobody is ill. But once
   * the request is as old as its deadline, it is given up where those who are asked afterwards answer nobody.
   *
   * @throws MfaError `deadline_exceeded` then.
   */
  work<T>(work: () => Promise<T>, silences: readonly Silence[]): Promise<T>;
  readonly exceeded: boolean;
}

/** Starts no clock yet: the time counts while calls run, so that hashing a code does not eat into it. */
export function createDeadline(ms = deadlineMs): Deadline {
  const createdAt = performance.now();
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
  function isHopeless(silences: readonly Silence[]): boolean {
    return performance.now() - createdAt >= ms && silences.some((silence) => silence.ms >= silentMs);
  }
  function untilOld(): number {
    return Math.max(ms - (performance.now() - createdAt), lookMs);
  }
  /** What is given up is the whole request: nothing may begin any more. */
  function giveUp(): void {
    left = 0;
  }

  return {
    get exceeded() {
      return remaining() <= 0;
    },
    run(call, asked = {}) {
      const { what = 'What was asked', silence } = withoutPrototype(asked);
      if (remaining() <= 0) return Promise.reject(tooLate(what));
      const silences = silence ? [silence] : [];
      const heard = silence?.ask();
      begin();
      return wait(started(call), {
        what,
        isOver: () => remaining() <= 0 || isHopeless(silences),
        untilLook: () => (silence ? Math.min(remaining(), untilOld()) : remaining()),
        close(answered) {
          end();
          heard?.(answered);
          if (!answered) giveUp();
        },
      });
    },
    work(work, silences) {
      return wait(work(), {
        what: 'Whoever is asked afterwards',
        isOver: () => isHopeless(silences),
        untilLook: untilOld,
        close: (answered) => void (answered || giveUp()),
      });
    },
  };
}

interface Wait {
  readonly what: string;
  readonly isOver: () => boolean;
  /** When to look whether it is, in ms. */
  readonly untilLook: () => number;
  readonly close: (answered: boolean) => void;
}

/** A promise, as long as the waiting is not over. */
function wait<T>(promise: Promise<T>, { what, isOver, untilLook, close }: Wait): Promise<T> {
  return new Promise((resolve, reject) => {
    let open = true;
    let timer = setTimeout(look, untilLook());
    function look(): void {
      if (!isOver()) timer = setTimeout(look, untilLook());
      else if (settle(false)) reject(tooLate(what));
    }
    function settle(answered: boolean): boolean {
      if (!open) return false;
      open = false;
      clearTimeout(timer);
      close(answered);
      return true;
    }
    promise.then(
      (value) => settle(true) && resolve(value),
      (error) => settle(true) && reject(error),
    );
  });
}

function tooLate(what: string): MfaError {
  return new MfaError('deadline_exceeded', { cause: new Error(`${what} did not answer in time.`) });
}

/** A call that throws at once is a rejection like any other; one that gives no promise has ended. */
async function started<T>(call: () => T | Promise<T>): Promise<T> {
  return call();
}
