import { spawnSync } from 'node:child_process';

const HOW_TO =
  'The tests need redis-server 6 or newer on the PATH: install it with your package manager (`apt-get install redis-server`, `brew install redis`), then run `npm run setup` again.';

if (isInstalled()) {
  console.log('redis-server is there; nothing to do.');
} else {
  installWithApt();
  if (isInstalled()) {
    console.log('redis-server is installed.');
  } else {
    console.error(HOW_TO);
    process.exitCode = 1;
  }
}

function isInstalled(): boolean {
  return works('redis-server', '--version');
}

function installWithApt(): void {
  if (!works('apt-get', '--version')) return;
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && !works('sudo', '-n', 'true')) return;
  // Run level 1 keeps Debian's maintainer scripts from starting the service: each test run has its own.
  const asRoot = [...(isRoot ? [] : ['sudo', '-n']), 'env', 'DEBIAN_FRONTEND=noninteractive', 'RUNLEVEL=1'];
  run(...asRoot, 'apt-get', 'update');
  run(...asRoot, 'apt-get', 'install', '-y', '--no-install-recommends', 'redis-server');
}

function works(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

function run(...[command = '', ...args]: string[]): void {
  spawnSync(command, args, { stdio: 'inherit' });
}
