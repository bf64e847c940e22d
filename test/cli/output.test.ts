import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { watchOutput } from '../../src/cli/output.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'express-mfa-output-'));
});
afterEach(() => rm(directory, { recursive: true }));

type Stream = NodeJS.WriteStream & { fd: number };

/** A stream as Node makes one for a descriptor that is a file. */
function fileStream(fd: number): Stream {
  const stream = new Writable({ write: (_chunk, _encoding, done) => done() });
  return Object.assign(stream, { fd }) as unknown as Stream;
}

test('a file gets every byte, and then it has settled', async () => {
  const path = join(directory, 'out');
  const fd = openSync(path, 'w');
  const output = watchOutput(fileStream(fd));
  output.write('one\n');
  output.write('zwei ä\n');
  expect(await output.settled()).toBeUndefined();
  closeSync(fd);
  expect(await readFile(path, 'utf8')).toBe('one\nzwei ä\n');
});

test('the first fault of a file is kept, and not thrown', async () => {
  const fd = openSync(__filename, 'r');
  const output = watchOutput(fileStream(fd));
  output.write('one\n');
  output.write('two\n');
  expect(await output.settled()).toMatchObject({ code: 'EBADF' });
  closeSync(fd);
});

test('so is that of a pipe', async () => {
  const pipe = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) });
  Object.setPrototypeOf(pipe, Socket.prototype);
  const output = watchOutput(pipe as unknown as Stream);
  output.write('one\n');
  expect(await output.settled()).toMatchObject({ message: 'EPIPE' });
});
