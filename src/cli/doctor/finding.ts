/** How bad it is: fine; should be looked at; must be mended. */
export type Mark = 'ok' | 'warning' | 'error';

/** One thing that was looked at, and a sentence that says what to do where something is to be done. */
export interface Finding {
  readonly mark: Mark;
  /** What it is about: keys, clock, store, session, environment. */
  readonly about: string;
  readonly sentence: string;
}

/** Makes findings about one thing. */
export function findingsAbout(about: string) {
  return (mark: Mark, sentence: string): Finding => ({ mark, about, sentence });
}
