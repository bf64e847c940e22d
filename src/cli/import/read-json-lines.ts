import { type Line, longestLine } from './line.ts';

/** Reads a JSON object a line; no more than one line is held in memory. */
export async function* readJsonLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  let line = 0;
  for await (const bytes of splitLines(chunks)) {
    line++;
    if (bytes === undefined) {
      yield { line, refused: 'it is too long for a line of JSON' };
      continue;
    }
    // Editors of Windows put a byte order mark before the first line.
    const text = bytes
      .toString()
      .replace(/^\ufeff/, '')
      .trim();
    if (text !== '') yield readLine(line, text);
  }
}

function readLine(line: number, text: string): Line {
  const row = parse(text);
  if (typeof row !== 'object' || row === null || Array.isArray(row)) {
    return { line, refused: 'it is not a JSON object' };
  }
  return { line, row: { ...row } };
}

/** What a parser says of bad JSON quotes it, so nothing of that is told. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The lines as bytes, undefined for one that is too long: a character may be cut in two between chunks. */
async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer | undefined> {
  let parts: Buffer[] = [];
  let length = 0;
  function take(part: Buffer): void {
    length += part.length;
    if (length <= longestLine) parts.push(part);
    else parts = [];
  }
  function finish(): Buffer | undefined {
    const whole = length <= longestLine ? Buffer.concat(parts) : undefined;
    parts = [];
    length = 0;
    return whole;
  }
  for await (const chunk of chunks) {
    let begin = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, begin)) {
      take(chunk.subarray(begin, end));
      yield finish();
      begin = end + 1;
    }
    take(chunk.subarray(begin));
  }
  if (length > 0) yield finish();
}
