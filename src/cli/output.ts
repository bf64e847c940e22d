import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Output } from './io.ts';

/** An output of the process that knows what became of everything that was written to it. */
export interface WatchedOutput extends Output {
  /** Waits until everything is written: the first fault, or undefined where all of it has arrived. */
  settled(): Promise<unknown>;
}

/** Where standard output or standard error goes; a fault of it neither throws nor ends the process. */
export function watchOutput(stream: NodeJS.WriteStream & { readonly fd: number }): WatchedOutput {
  const { fd } = stream;
  let fault: unknown;
  function note(error: unknown): void {
    fault ??= error ?? undefined;
  }
  stream.on('error', note);
  // Terminals and pipes are sockets to Node. Asking the descriptor instead, by fstat, would disturb the loader of
  // Node 20, which then follows no symbolic link.
  const isFile = !(stream instanceof Socket);
  return {
    isTTY: stream.isTTY,
    write(text) {
      if (isFile) note(writeWhole(fd, text));
      else stream.write(text, note);
    },
    settled: () => new Promise((resolve) => stream.write('', () => resolve(fault))),
  };
}

/** A disk takes the last bytes that it has room for, and Node's own stream takes that for all of them. */
function writeWhole(fd: number, text: string): unknown {
  const bytes = Buffer.from(text);
  try {
    for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
    return undefined;
  } catch (error) {
    return error;
  }
}
