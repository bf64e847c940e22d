import { isMfaConfigError } from '../errors.ts';
import { faultText } from '../fault-text.ts';
import type { ExitCode } from './command.ts';
import type { Io } from './io.ts';
import { UsageError } from './usage-error.ts';

type Step = () => Promise<ExitCode>;

/** Runs a step; what it throws becomes a sentence on standard error and an exit code. Never rejects. */
export async function tellFault({ stderr }: Pick<Io, 'stderr'>, step: Step): Promise<ExitCode> {
  try {
    return await step();
  } catch (error) {
    stderr.write(`express-mfa: ${faultText(error)}\n`);
    return error instanceof UsageError || isMfaConfigError(error) ? 2 : 1;
  }
}

/**
 * Runs a step, and then what lets go of what it held, however it ended. A fault is told when it happens, so that
 * none is lost where letting go fails or hangs as well; the exit code is that of the first one.
 */
export async function thenLetGo(
  io: Pick<Io, 'stderr'>,
  step: Step,
  letGo: () => Promise<void>,
): Promise<ExitCode> {
  const code = await tellFault(io, step);
  const after = await tellFault(io, async () => {
    await letGo();
    return 0;
  });
  return code === 0 ? after : code;
}
