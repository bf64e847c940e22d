import { open } from 'node:fs/promises';
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
  readonly close: () => void;
}

const formats: Readonly<Record<string, 'csv' | 'jsonl'>> = {
  csv: 'csv',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  json: 'jsonl',
};

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
  const kind = formats[format ?? extname(file).slice(1).toLowerCase()];
  if (!kind) throw new UsageError('Say what is in the file: --format jsonl or --format csv.');
  const handle = await open(resolve(directory, file)).catch((cause) => {
    throw new UsageError(`The file ${file} cannot be opened.`, { cause });
  });
  const { size } = await handle.stat();
  const stream = handle.createReadStream();
  return {
    lines: kind === 'csv' ? readCsv(stream, required) : readJsonLines(stream),
    size,
    close: () => void stream.destroy(),
  };
}
