import type { Io } from './io.ts';

/** What a command ends with: fine; something was found, refused or failed; it was called wrongly. */
export type ExitCode = 0 | 1 | 2;

/** An option as help shows it, and what it means. */
export type OptionHelp = readonly [option: string, meaning: string];

/** One of the commands of `express-mfa`. */
export interface Command {
  /** How it is called, without the name of the tool. */
  readonly usage: string;
  readonly summary: string;
  /** Its options, each with its sentence. */
  readonly options: readonly OptionHelp[];
  /** @param args what stands behind its name. */
  run(args: readonly string[], io: Io): Promise<ExitCode>;
}
