import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import { UsageError } from '../usage-error.ts';

/** Where the reasons of refused lines go. */
export interface Report {
  readonly write: (text: string) => void;
  /** Rejects where not everything could be written. */
  readonly close: () => Promise<void>;
}

/**
 * A file of reasons, written anew.
 *
 * @throws UsageError where it is the file that is read, or cannot be written.
 */
export async function openReport(
  directory: string,
  { report, file }: { report: string; file: string },
): Promise<Report> {
  const path = resolve(directory, report);
  if (path === resolve(directory, file))
    throw new UsageError('Give --report another file: that one is read.');
  const handle = await open(path, 'w', 0o600).catch((cause) => {
    throw new UsageError(`The report ${report} cannot be written.`, { cause });
  });
  const stream = handle.createWriteStream();
  const written = finished(stream);
  // It is told at the end: a full disk must not end the process in the middle.
  written.catch(() => undefined);
  return {
    write: (text) => void stream.write(text),
    close() {
      stream.end();
      return written;
    },
  };
}
