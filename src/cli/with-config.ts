import { faultText } from '../fault-text.ts';
import type { ExitCode } from './command.ts';
import type { Io } from './io.ts';
import { type CliConfig, loadConfig } from './load-config.ts';
import { withPatience } from './patience.ts';
import { thenLetGo } from './tell-fault.ts';

/**
 * Runs a command with what the config module gives, and lets go of its connections afterwards. A `close` that
 * fails makes an exit code of 1 also where the command was done: it may be what commits or sends the last of it.
 *
 * @throws UsageError where the config module cannot be used.
 */
export async function withConfig(
  io: Io,
  named: string | undefined,
  run: (config: CliConfig) => Promise<ExitCode>,
): Promise<ExitCode> {
  const config = await loadConfig(io, named);
  return thenLetGo(
    io,
    () => run(config),
    () => close(config),
  );
}

async function close(config: CliConfig): Promise<void> {
  try {
    await withPatience('it', async () => config.close?.());
  } catch (error) {
    throw new Error(
      `The command has ended, but \`close\` of the config module has failed: ${faultText(error)}`,
    );
  }
}
