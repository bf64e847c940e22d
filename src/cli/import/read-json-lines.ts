import { withoutPrototype } from '../../without-prototype.ts';
import { type Line, longestLine } from './line.ts';

/** Reads a JSON object a line; no more than one line is held in memory. */
export async function* readJsonLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  const place = { line: 0, bytes: 0 };
  for await (const { content, size } of splitLines(chunks)) {
    place.line++;
    place.bytes += size;
    if (content === undefined) {
      yield { ...place, refused: 'it is too long for a line of JSON' };
      continue;
    }
    // Editors of Windows put a byte order mark before the first line.
    const text = content.toString().replace(/^\ufeff/, '');
    if (text.trim() !== '') yield { ...place, ...readRow(text) };
  }
}

function readRow(text: string): { row: Readonly<Record<string, unknown>> } | { refused: string } {
  const row = parse(text);
  if (typeof row === 'object' && row !== null && !Array.isArray(row))
    return { row: withoutPrototype({ ...row }) };
  return { refused: 'it is not a JSON object' };
}

/** What a parser says of bad JSON quotes it, so nothing of that is told. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface Piece {
  /** Undefined where it is too long. */
  readonly content: Buffer | undefined;
  /** With its line break, in bytes. */
  readonly size: number;
}

/** The lines as bytes: a character may be cut in two between chunks. */
async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Piece> {
  let parts: Buffer[] = [];
  let length = 0;
  function take(part: Buffer): void {
    length += part.length;
    if (length <= longestLine) parts.push(part);
    else parts = [];
  }
  function finish(lineBreak: 0 | 1): Piece {
    const content = length <= longestLine ? Buffer.concat(parts) : undefined;
    const size = length + lineBreak;
    parts = [];
    length = 0;
    return { content, size };
  }
  for await (const chunk of chunks) {
    let begin = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, begin)) {
      take(chunk.subarray(begin, end));
      yield finish(1);
      begin = end + 1;
    }
    take(chunk.subarray(begin));
  }
  if (length > 0) yield finish(0);
}
