import type { MfaService } from '../service.ts';
import type { ExitCode, OptionHelp } from './command.ts';
import { readCommandLine } from './command-line.ts';
import { confirm } from './confirm.ts';
import type { Io } from './io.ts';
import { isKnownAccount, unknownAccount } from './known-account.ts';
import { configOption } from './load-config.ts';
import { withService } from './open-service.ts';

/** What an admin does to one user's account, once it is confirmed. */
export interface AccountChange {
  readonly question: (user: string) => string;
  readonly change: (service: MfaService, user: string) => Promise<void>;
  readonly done: (user: string) => string;
}

/** What such a command takes. */
export const changeOptions: readonly OptionHelp[] = [['--yes', 'Do not ask.'], configOption];

/** Finds the account, asks, and changes it. */
export async function changeAccount(
  args: readonly string[],
  io: Io,
  { question, change, done }: AccountChange,
): Promise<ExitCode> {
  const { values, operand: user } = readCommandLine(args, {
    operand: 'USER',
    options: { config: { type: 'string' }, yes: { type: 'boolean' } },
  });
  return withService(io, values.config, async ({ service, settings }) => {
    if (!(await isKnownAccount(settings, user))) {
      io.stderr.write(unknownAccount(settings, user));
      return 1;
    }
    if (!values.yes && !(await confirm(io, question(user)))) {
      io.stderr.write('Nothing was changed.\n');
      return 1;
    }
    await change(service, user);
    io.stdout.write(`${done(user)}\n`);
    return 0;
  });
}
