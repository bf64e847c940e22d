import { Readable } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type Line, longestLine } from '../../src/cli/import/line.ts';
import { readCsv } from '../../src/cli/import/read-csv.ts';
import { readJsonLines } from '../../src/cli/import/read-json-lines.ts';

/** The text in pieces of so many bytes, which cut characters in two. */
function inPieces(text: string | Buffer, size: number): Readable {
  const bytes = Buffer.from(text);
  const pieces: Buffer[] = [];
  for (let begin = 0; begin < bytes.length; begin += size) pieces.push(bytes.subarray(begin, begin + size));
  return Readable.from(pieces);
}

/** Every line, without how far it is in the file. */
async function all(lines: AsyncIterable<Line>): Promise<object[]> {
  const found: object[] = [];
  for await (const { bytes: _, ...line } of lines) found.push(line);
  return found;
}

describe('JSON lines', () => {
  const read = (text: string, size = 7) => all(readJsonLines(inPieces(text, size)));

  test('are numbered as an editor numbers them, blank ones left out', async () => {
    expect(await read('\ufeff{"a":"ä"}\r\n\n  \n{"a":"€"}\n{"a":3}')).toEqual([
      { line: 1, row: { a: 'ä' } },
      { line: 4, row: { a: '€' } },
      { line: 5, row: { a: 3 } },
    ]);
    expect(await read('')).toEqual([]);
  });

  test.each(['null', '7', '"text"', '[1]', '{"a":', '{"a":1}{"a":2}', '[{"a":1},'])(
    'are objects, unlike %s',
    async (text) => {
      expect(await read(text)).toEqual([{ line: 1, refused: 'it is not a JSON object' }]);
    },
  );

  test('that are too long are refused without being held, and the next one is read', async () => {
    const long = `{"a":"${'x'.repeat(longestLine)}"}`;
    expect(await read(`${long}\n{"a":1}\n${long}`, 65_536)).toEqual([
      { line: 1, refused: 'it is too long for a line of JSON' },
      { line: 2, row: { a: 1 } },
      { line: 3, refused: 'it is too long for a line of JSON' },
    ]);
  });

  test('are the same in whatever pieces they come', async () => {
    const texts = fc.array(fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()));
    await fc.assert(
      fc.asyncProperty(texts, fc.integer({ min: 1, max: 50 }), async (values, size) => {
        const found = await read(values.map((a) => `${JSON.stringify({ a })}\n`).join(''), size);
        expect(found).toEqual(values.map((a, index) => ({ line: index + 1, row: { a } })));
      }),
      { numRuns: 200 },
    );
  });
});

describe('CSV', () => {
  const read = (text: string, size = 7) => all(readCsv(inPieces(text, size), ['id']));

  test('is read with quotation marks, line breaks in them, a byte order mark and blank lines', async () => {
    expect(await read('\ufeffid, codes\r\n7,"a ""b"", c\nd"\r\n\r\nä,\r\n')).toEqual([
      { line: 3, row: { id: '7', codes: 'a "b", c\nd' } },
      { line: 5, row: { id: 'ä', codes: '' } },
    ]);
  });

  test('is refused by the line, and never quoted', async () => {
    const found = await read('id,secret\n1,hunter2,3\n2,ok\n3,hun"ter2\n4,ok\n5');
    expect(found.filter((line) => 'row' in line)).toEqual([
      { line: 3, row: { id: '2', secret: 'ok' } },
      { line: 5, row: { id: '4', secret: 'ok' } },
    ]);
    expect(found.filter((line) => 'refused' in line)).toEqual([
      { line: 2, refused: 'it has more or fewer columns than the first line' },
      { line: 4, refused: 'a quotation mark stands where none can' },
      { line: 6, refused: 'it has more or fewer columns than the first line' },
    ]);
    expect(JSON.stringify(found)).not.toMatch(/hunter2|hun/);
  });

  test('whose quotation mark is not closed is refused as a whole: it would swallow users in silence', async () => {
    await expect(read('id,secret\n1,ok\n2,"hunter2\n3,ok\n')).rejects.toThrow(
      /^The file is not CSV: a quotation mark is not closed \(up to line \d\)\.$/,
    );
  });

  test('is not held in memory until a quotation mark is closed', async () => {
    let taken = 0;
    async function* endless() {
      yield Buffer.from('id,secret\n1,"');
      for (;;) yield Buffer.alloc(65_536, `${++taken}\n`);
    }
    await expect(all(readCsv(Readable.from(endless()), ['id']))).rejects.toThrow(
      /^The file is not CSV: a quotation mark is not closed/,
    );
    expect(taken).toBeLessThan(64);
  });

  test('tells how far it is, to the end', async () => {
    const text = 'id,secret\n1,ä\n2,b\n';
    let far = 0;
    for await (const { bytes } of readCsv(inPieces(text, 7), ['id'])) far = bytes;
    expect(far).toBe(Buffer.byteLength(text));
    for await (const { bytes } of readJsonLines(inPieces('{"a":"ä"}\r\n{}', 7))) far = bytes;
    expect(far).toBe(14);
  });

  test('that cannot be read any further fails as its source does', async () => {
    async function* broken() {
      yield Buffer.from('id,secret\n1,ok\n');
      throw new Error('the disk is gone');
    }
    await expect(all(readCsv(Readable.from(broken()), ['id']))).rejects.toThrow('the disk is gone');
  });

  test('needs its columns', async () => {
    await expect(read('user,secret\n1,ok\n')).rejects.toThrow(
      'The first line of the file names no column `id`.',
    );
    expect(await read('')).toEqual([]);
  });
});
