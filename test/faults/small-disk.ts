import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of a few megabytes, in memory. */
export interface SmallDisk {
  readonly path: string;
  /** Takes all the space that is left. */
  fill(): void;
  /** Gives it back. */
  free(): void;
  unmount(): void;
}

/** Undefined where we may not mount one. */
export function mountSmallDisk(megabytes: number): SmallDisk | undefined {
  const path = mkdtempSync(join(tmpdir(), 'express-mfa-disk-'));
  const options = `size=${megabytes}m,mode=0777`;
  if (!run('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path])) {
    rmdirSync(path);
    return undefined;
  }
  const filler = join(path, 'filler');
  return {
    path,
    fill() {
      const file = openSync(filler, 'w');
      try {
        for (const size of [1 << 20, 4_096]) writeUntilFull(file, Buffer.alloc(size));
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(filler, { force: true }),
    unmount() {
      run('umount', ['-l', path]);
      rmdirSync(path);
    },
  };
}

const run = (program: string, args: readonly string[]): boolean => spawnSync(program, args).status === 0;

function writeUntilFull(file: number, bytes: Buffer): void {
  for (;;) {
    try {
      if (writeSync(file, bytes) < bytes.length) return;
    } catch (error) {
      // An error of Node's own: to jest it is no `Error` of this file's world.
      if (Reflect.get(Object(error), 'code') === 'ENOSPC') return;
      throw error;
    }
  }
}
