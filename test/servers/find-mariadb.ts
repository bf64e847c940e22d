import { spawnSync } from 'node:child_process';

/** What starts the server, if it is there: Debian has it in a folder that only root has on the PATH. */
export function findMariadb(): string | undefined {
  return ['mariadbd', '/usr/sbin/mariadbd'].find(
    (command) => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0,
  );
}
