import { pipeline, type Readable } from 'node:stream';
import { CsvError, type Info, type Options, type Parser, parse } from 'csv-parse';
import { withoutPrototype } from '../../without-prototype.ts';
import { UsageError } from '../usage-error.ts';
import { type Line, longestLine } from './line.ts';

/**
 * Reads CSV (RFC 4180, in UTF-8) whose first line names the columns; no more than a few rows are held in memory.
 *
 * @param required columns that must be there.
 * @throws UsageError where one of them is not.
 */
export async function* readCsv(source: Readable, required: readonly string[]): AsyncGenerator<Line> {
  const refused: Line[] = [];
  const options: Options = {
    bom: true,
    columns: (header: string[]) => checkHeader(header, required),
    info: true,
    max_record_size: longestLine,
    skip_empty_lines: true,
    skip_records_with_error: true,
  };
  const parser = parse(withoutPrototype(options));
  parser.on('skip', (error) => {
    // From there on nobody knows where a row begins: the users in between would be left out in silence.
    if (isLost(error)) parser.destroy(error);
    else refused.push({ ...placeOf(parser.info), refused: reasonOf(error) });
  });
  // What goes wrong is thrown where the rows are read.
  pipeline(source, parser, () => undefined);
  for await (const { record, info } of rowsOf(parser)) {
    yield* refused.splice(0);
    yield { ...placeOf(info), row: withoutPrototype(record) };
  }
  yield* refused.splice(0);
}

function placeOf({ lines, bytes }: Pick<Info, 'lines' | 'bytes'>) {
  return { line: lines, bytes };
}

interface Row {
  readonly record: Record<string, unknown>;
  readonly info: Info;
}

async function* rowsOf(parser: Parser): AsyncGenerator<Row> {
  try {
    yield* parser;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new Error(`The file is not CSV: ${reasonOf(error)} (up to line ${parser.info.lines}).`);
  }
}

/** Nothing is said of what there is instead: without a header it would be somebody's secret. */
function checkHeader(header: readonly string[], required: readonly string[]): string[] {
  const names = header.map((name) => name.trim());
  for (const name of required) {
    if (!names.includes(name))
      throw new UsageError(`The first line of the file names no column \`${name}\`.`);
  }
  return names;
}

function isLost(error: CsvError | undefined): boolean {
  return error?.code === 'CSV_MAX_RECORD_SIZE' || error?.code === 'CSV_QUOTE_NOT_CLOSED';
}

/** By the code alone: the parser's own messages quote what they found. */
function reasonOf(error: CsvError | undefined): string {
  if (isLost(error)) return 'a quotation mark is not closed';
  if (error?.code.includes('QUOTE')) return 'a quotation mark stands where none can';
  return 'it has more or fewer columns than the first line';
}
