/** A row of an export by the number of its line, from 1; or why there is none on that line. */
export type Line =
  | { readonly line: number; readonly row: Readonly<Record<string, unknown>> }
  | { readonly line: number; readonly refused: string };

/** No row is longer, in bytes: more is a file of another format, or a quotation mark that is not closed. */
export const longestLine = 1024 * 1024;
