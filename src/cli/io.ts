/** Where a command writes: one of the streams of the process, or what a test listens to. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
}

/** Where a command reads answers from. */
interface Input extends NodeJS.ReadableStream {
  readonly isTTY?: boolean | undefined;
}

/** All that a command knows of the process it runs in. */
export interface Io {
  readonly stdin: Input;
  /** What was asked for. */
  readonly stdout: Output;
  /** Everything else: progress, questions, reasons. */
  readonly stderr: Output;
  /** The working directory. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** From now on Ctrl-C aborts this signal instead of ending the process; a second one ends it. */
  interrupted(): AbortSignal;
}
