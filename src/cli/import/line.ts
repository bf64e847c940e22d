/** A row of an export, without a prototype, or why there is none on that line. */
export type Line = Place &
  ({ readonly row: Readonly<Record<string, unknown>> } | { readonly refused: string });

interface Place {
  /** From 1. */
  readonly line: number;
  /** How much of the file ends with this line, in bytes. */
  readonly bytes: number;
}

/** No row is longer, in bytes: more is a file of another format, or a quotation mark that is not closed. */
export const longestLine = 1024 * 1024;
