import type { KeyUse } from '../../flows/key-use.ts';
import type { ResealReport } from '../../flows/reseal-all.ts';
import type { Command, ExitCode } from '../command.ts';
import { readCommandLine } from '../command-line.ts';
import type { Io } from '../io.ts';
import { configOption } from '../load-config.ts';
import { type OpenService, withService } from '../open-service.ts';
import { createProgressBar } from '../progress-bar.ts';

export const reseal: Command = {
  usage: 'reseal',
  summary: 'Seals every secret with the newest key, and says which keys can be removed.',
  options: [configOption],
  async run(args, io) {
    const { values } = readCommandLine(args, { options: { config: { type: 'string' } } });
    return withService(io, values.config, (open) => run(open, io));
  },
};

async function run({ service, settings }: OpenService, io: Io): Promise<ExitCode> {
  const bar = createProgressBar(io.stderr, 'Resealing');
  let report: ResealReport;
  try {
    report = await service.resealAll({
      signal: io.interrupted(),
      onProgress: ({ done, total, resealed }) =>
        bar.update(done, total, `${done} of ${total}, ${resealed} resealed`),
    });
  } finally {
    bar.end();
  }
  io.stdout.write(asText(report, { newest: settings.keyRing.newest.kid, realm: settings.realm }));
  if (report.stopped)
    io.stderr.write('Stopped. What was resealed stays so: start it again to go on with the rest.\n');
  if (report.unreadable > 0)
    io.stderr.write(
      'Unreadable accounts need a key that is not listed, or are damaged: put the key back, or reset them.\n',
    );
  return report.stopped || report.unreadable > 0 ? 1 : 0;
}

function asText(report: ResealReport, { newest, realm }: { newest: string; realm: string }): string {
  const { accounts, resealed, unreadable } = report;
  const of = realm === '' ? '' : ` of the realm ${realm}`;
  const lines = [`Accounts${of}: ${accounts}, resealed: ${resealed}, unreadable: ${unreadable}.`];
  for (const key of report.keys) {
    const uses = `secrets: ${key.secrets}, accounts with backup codes: ${key.backupCodes}`;
    lines.push(`Key ${key.kid}: ${uses}; ${verdict(key, report, newest)}`);
  }
  return `${lines.join('\n')}\n`;
}

function verdict(key: KeyUse, { stopped, unreadable }: ResealReport, newest: string): string {
  if (!key.listed) return 'not listed: put it back into `keys`, or reset these accounts.';
  if (key.kid === newest) return 'this is the newest one.';
  if (stopped) return 'keep it: not every account was looked at.';
  if (key.backupCodes > 0) return 'keep it until these users have made new backup codes.';
  if (unreadable > 0) return 'keep it: an unreadable account may need it.';
  return 'it can be removed, unless another realm uses it.';
}
