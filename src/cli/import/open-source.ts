import { type FileHandle, open } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { UsageError } from '../usage-error.ts';
import type { Line } from './line.ts';
import { readCsv } from './read-csv.ts';
import { readJsonLines } from './read-json-lines.ts';

/** A file of users. */
export interface Source {
  readonly lines: AsyncIterator<Line>;
  /** In bytes. */
  readonly size: number;
  /** Whether it may have been cut off where nothing else shows it: in the last field of a CSV. */
  readonly endsAbruptly: boolean;
  readonly close: () => void;
}

const formats: ReadonlyMap<string, 'csv' | 'jsonl'> = new Map([
  ['csv', 'csv'],
  ['jsonl', 'jsonl'],
  ['ndjson', 'jsonl'],
  ['json', 'jsonl'],
]);

interface Named {
  readonly directory: string;
  readonly file: string;
  /** As `--format` names it; undefined to go by the extension. */
  readonly format: string | undefined;
  /** The columns that a CSV must have. */
  readonly required: readonly string[];
}

/** @throws UsageError where the file is not there, or nobody knows its format. */
export async function openSource({ directory, file, format, required }: Named): Promise<Source> {
  const kind = formats.get(format ?? extname(file).slice(1).toLowerCase());
  if (!kind) throw new UsageError('Say what is in the file: --format jsonl or --format csv.');
  const handle = await open(resolve(directory, file)).catch((cause) => {
    throw new UsageError(`The file ${file} cannot be opened.`, { cause });
  });
  const stat = await handle.stat();
  const endsAbruptly = kind === 'csv' && stat.isFile() && !(await endsWithLineBreak(handle, stat.size));
  const stream = handle.createReadStream();
  return {
    lines: kind === 'csv' ? readCsv(stream, required) : readJsonLines(stream),
    size: stat.size,
    endsAbruptly,
    close: () => void stream.destroy(),
  };
}

async function endsWithLineBreak(handle: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return true;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] === 10 || buffer[0] === 13;
}
