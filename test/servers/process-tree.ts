import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const hasProc = process.platform === 'linux';

/** The processes that this one has started itself and that have not ended. */
export function childrenOf(pid: number): number[] {
  // Not everywhere on Linux is there a `pgrep`: slim images are without.
  const list = hasProc ? readProc(`${pid}/task/${pid}/children`) : pgrep(pid);
  return list.split(/\s+/).filter(Boolean).map(Number);
}

/** Whether the process runs, or could; one that has ended and that nobody has asked about does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // In a container the first process often asks about none of those that it inherits.
  return !hasProc || /\) [^ZX] /.test(readProc(`${pid}/stat`));
}

/** Empty where the process is gone. */
function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'latin1');
  } catch (error) {
    // Not by `instanceof`: in a test its `Error` is another one than that of `fs`.
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ESRCH') return '';
    throw error;
  }
}

function pgrep(pid: number): string {
  const { error, stdout } = spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' });
  if (error) throw error;
  return stdout;
}
