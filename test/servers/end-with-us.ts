import { spawn } from 'node:child_process';

/**
 * Kills the process `pid` when ours ends, however it ends: the watcher waits for the end of a pipe that
 * only we hold open. (Inside a jest sandbox `process.on('exit')` is not called.) Returns a function that
 * calls the watcher off.
 */
export function endWithUs(pid: number): () => void {
  const watcher = spawn('sh', ['-c', 'read -r line; kill -KILL "$1"', 'sh', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watcher.unref();
  const { stdin } = watcher;
  if ('unref' in stdin && typeof stdin.unref === 'function') stdin.unref();
  return () => {
    watcher.kill('SIGKILL');
  };
}
