import type { MfaStatus } from '../../flows/status.ts';
import type { Command } from '../command.ts';
import { readCommandLine } from '../command-line.ts';
import { configOption } from '../load-config.ts';
import { withService } from '../open-service.ts';

export const status: Command = {
  usage: 'status USER',
  summary: 'Says whether a user has a second step, and what is left of it.',
  options: [['--json', 'As JSON.'], configOption],
  async run(args, io) {
    const { values, operand: user } = readCommandLine(args, {
      operand: 'USER',
      options: { config: { type: 'string' }, json: { type: 'boolean' } },
    });
    return withService(io, values.config, async ({ service }) => {
      const found = await service.status(user);
      io.stdout.write(values.json ? `${JSON.stringify(asRecord(user, found))}\n` : asText(user, found));
      return 0;
    });
  },
};

/** The epoch is left out: it is for comparing sessions with, and tells nobody anything. */
function asRecord(user: string, status: MfaStatus): object {
  const { enrolled, methods, totpLocked: locked } = status;
  const { backupCodesRemaining, backupCodesImported, backupCodesLow } = status;
  return { user, enrolled, methods, locked, backupCodesRemaining, backupCodesImported, backupCodesLow };
}

function asText(user: string, status: MfaStatus): string {
  const imported = status.backupCodesImported ? ', from another system' : '';
  const lines = [
    ['User', user],
    ['Second step', status.enrolled ? 'on' : 'off'],
    ['Methods', status.methods.join(', ') || 'none'],
    ['Locked', status.totpLocked ? 'yes, by too many wrong codes: express-mfa unlock' : 'no'],
    ['Backup codes', `${status.backupCodesRemaining} left${imported}`],
  ];
  return lines.map(([name = '', value]) => `${`${name}:`.padEnd(14)}${value}\n`).join('');
}
