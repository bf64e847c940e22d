/** What nobody has waited for since then is no longer a sign of anything, in ms. */
const memoryMs = 2_000;

/**
 * How long whoever is asked over and over, a store, say, has owed an answer to everybody. A single call that is late
 * says little: it may wait for a lock. That no call at all is answered says that the next one will not be, either.
 */
export interface Silence {
  /** Somebody asks; the returned function says whether an answer came, or whether it was given up. */
  ask(): (answered: boolean) => void;
  /** For how long now nobody has been answered, in ms; 0 where nobody waits. */
  readonly ms: number;
}

export function createSilence(now: () => number = () => performance.now()): Silence {
  let waiting = 0;
  let since: number | undefined;
  let lastGivenUp = 0;

  return {
    ask() {
      waiting++;
      since ??= now();
      return (answered) => {
        waiting--;
        if (!answered) lastGivenUp = now();
        else since = waiting > 0 ? now() : undefined;
      };
    },
    get ms() {
      if (waiting === 0 && now() - lastGivenUp > memoryMs) since = undefined;
      return since === undefined ? 0 : now() - since;
    },
  };
}

/** Those that are asked once something has been hashed: the account's store, whose reads may do while it takes no write, and the session's. */
export interface Silences {
  readonly put: Silence;
  readonly session: Silence;
}

export function createSilences(): Silences {
  return { put: createSilence(), session: createSilence() };
}
