/** A clock that stands still until it is moved. */
export interface Clock {
  readonly now: () => number;
  /** Moves it on (or back), in ms. */
  move(ms: number): void;
  /** Moves it on by whole time steps of 30 s, so that the next code is a new one. */
  nextStep(steps?: number): void;
}

/** Starts at the present, ten seconds into a time step. */
export function createClock(): Clock {
  let time = Math.floor(Date.now() / 30_000) * 30_000 + 10_000;
  return {
    now: () => time,
    move(ms) {
      time += ms;
    },
    nextStep(steps = 1) {
      time += steps * 30_000;
    },
  };
}
