import { spawnSync } from 'node:child_process';
import { type Program, programs, programsByFlag } from './programs.ts';

const flags = process.argv.slice(2);
const unknown = flags.filter((flag) => !programsByFlag.has(flag));

if (unknown.length > 0) {
  const known = [...programsByFlag.keys()].join(' and ');
  console.error(`\`npm run setup\` does not know ${unknown.join(' ')}: it takes ${known}, after \`--\`.`);
  process.exitCode = 1;
} else {
  const wanted = [...programs, ...new Set(flags.flatMap((flag) => programsByFlag.get(flag) ?? []))];
  for (const program of wanted) if (!provide(program)) process.exitCode = 1;
}

/** Whether the program is there now. */
function provide(program: Program): boolean {
  if (isInstalled(program)) {
    console.log(`${program.name} is there; nothing to do.`);
    return true;
  }
  installWithApt(program.aptPackage);
  if (isInstalled(program)) {
    console.log(`${program.name} is installed.`);
    return true;
  }
  console.error(program.howTo);
  return false;
}

function isInstalled({ find }: Program): boolean {
  const command = find();
  return command !== undefined && works(command, '--version');
}

function installWithApt(aptPackage: string): void {
  if (!works('apt-get', '--version')) return;
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && !works('sudo', '-n', 'true')) return;
  // Run level 1 keeps Debian's maintainer scripts from starting services: each test run has its own.
  const asRoot = [...(isRoot ? [] : ['sudo', '-n']), 'env', 'DEBIAN_FRONTEND=noninteractive', 'RUNLEVEL=1'];
  run(...asRoot, 'apt-get', 'update');
  run(...asRoot, 'apt-get', 'install', '-y', '--no-install-recommends', aptPackage);
}

function works(command: string, ...args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

function run(...[command = '', ...args]: string[]): void {
  spawnSync(command, args, { stdio: 'inherit' });
}
