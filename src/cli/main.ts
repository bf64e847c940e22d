import type { Command, ExitCode } from './command.ts';
import { doctor } from './commands/doctor.ts';
import { importFile } from './commands/import.ts';
import { keygen } from './commands/keygen.ts';
import { reseal } from './commands/reseal.ts';
import { reset } from './commands/reset.ts';
import { status } from './commands/status.ts';
import { unlock } from './commands/unlock.ts';
import { helpText, usageOf } from './help-text.ts';
import type { Io } from './io.ts';
import { tellFault } from './tell-fault.ts';
import { UsageError } from './usage-error.ts';
import { readVersion } from './version.ts';

/** Every command there is, in the order in which help tells of them. */
const commands: ReadonlyMap<string, Command> = new Map([
  ['keygen', keygen],
  ['status', status],
  ['reset', reset],
  ['unlock', unlock],
  ['reseal', reseal],
  ['import', importFile],
  ['doctor', doctor],
]);

/**
 * The tool without its process: runs the command that the arguments name. Never rejects.
 *
 * @param args what stands behind `express-mfa`.
 */
export function main(args: readonly string[], io: Io): Promise<ExitCode> {
  return tellFault(io, () => runCommand(args, io));
}

async function runCommand([name = 'help', ...rest]: readonly string[], io: Io): Promise<ExitCode> {
  if (name === '--version') return print(io, `${readVersion()}\n`);
  if (['help', '--help', '-h'].includes(name)) return print(io, helpAbout(rest[0]));
  const command = commandNamed(name);
  if (asksForHelp(rest)) return print(io, usageOf(command));
  return command.run(rest, io);
}

function commandNamed(name: string): Command {
  const command = commands.get(name);
  if (command) return command;
  throw new UsageError(`There is no command ${JSON.stringify(name)}: express-mfa help lists them.`);
}

function helpAbout(name: string | undefined): string {
  return name === undefined ? helpText([...commands.values()]) : usageOf(commandNamed(name));
}

/** What stands behind `--` is never an option. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  const options = end === -1 ? args : args.slice(0, end);
  return options.includes('--help') || options.includes('-h');
}

function print({ stdout }: Io, text: string): ExitCode {
  stdout.write(text);
  return 0;
}
