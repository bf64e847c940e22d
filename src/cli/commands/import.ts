import type { Command, ExitCode } from '../command.ts';
import { type ImportCounts, importAll } from '../import/import-all.ts';
import { importOptions, readImportOptions } from '../import/import-options.ts';
import { createImporter } from '../import/import-user.ts';
import { openReport, type Report } from '../import/open-report.ts';
import { openSource } from '../import/open-source.ts';
import type { Io } from '../io.ts';
import { type OpenService, withService } from '../open-service.ts';
import { createProgressBar, type ProgressBar } from '../progress-bar.ts';
import { thenLetGo } from '../tell-fault.ts';

export const importFile: Command = {
  usage: 'import FILE',
  summary: 'Takes over authenticators and backup codes from another system.',
  options: importOptions,
  async run(args, io) {
    const options = readImportOptions(args);
    return withService(io, options.config, (open) => run(options, open, io));
  },
};

type Options = ReturnType<typeof readImportOptions>;

async function run(options: Options, open: OpenService, io: Io): Promise<ExitCode> {
  const bar = createProgressBar(io.stderr, options.dryRun ? 'Checking' : 'Importing');
  const { report, file } = options;
  const toStderr: Report = { write: bar.interrupt, close: async () => bar.end() };
  const reasons = report === undefined ? toStderr : await openReport(io.directory, { report, file });
  return thenLetGo(
    io,
    () => importSource(options, { ...open, io, bar, reasons }),
    () => reasons.close(),
  );
}

interface Tools extends OpenService {
  readonly io: Io;
  readonly bar: ProgressBar;
  readonly reasons: Report;
}

async function importSource(options: Options, { io, bar, reasons, ...open }: Tools): Promise<ExitCode> {
  const { fields, dryRun } = options;
  const required = [fields.user, fields.secret];
  const source = await openSource({ ...options, directory: io.directory, required });
  const signal = io.interrupted();
  const counts: ImportCounts = { imported: 0, alreadyThere: 0, withoutSecret: 0, refused: 0 };
  try {
    await importAll({
      lines: source.lines,
      fields,
      importUser: createImporter({ ...open, fields, dryRun }),
      signal,
      onRefused: (line, reason) => reasons.write(`line ${line}: ${reason}\n`),
      onLine: (bytes) => bar.update(bytes, source.size, `${lines(counts)} lines`),
      counts,
    });
  } finally {
    bar.end();
    source.close();
    io.stdout.write(asText(counts, dryRun));
  }
  if (signal.aborted) io.stderr.write('Stopped. Start it again: what was imported is left as it is.\n');
  const complaint = signal.aborted ? undefined : nobody(counts, fields.secret);
  if (complaint !== undefined) io.stderr.write(complaint);
  if (source.endsAbruptly)
    io.stderr.write('The file does not end with a line break: make sure that it is not cut off.\n');
  return signal.aborted || complaint !== undefined || counts.refused > 0 ? 1 : 0;
}

/** A file without anybody to import is not what was meant: what has made it has failed, or names its fields otherwise. */
function nobody(counts: ImportCounts, secret: string): string | undefined {
  if (lines(counts) === 0) return 'There is no user in the file: nothing was imported.\n';
  if (counts.withoutSecret < lines(counts)) return undefined;
  return `No line has a \`${secret}\`: name the field by --secret-field.\n`;
}

function lines({ imported, alreadyThere, withoutSecret, refused }: ImportCounts): number {
  return imported + alreadyThere + withoutSecret + refused;
}

function asText({ imported, alreadyThere, withoutSecret, refused }: ImportCounts, dryRun: boolean): string {
  const rows = [
    [dryRun ? 'Would be imported' : 'Imported', imported],
    ['Already there', alreadyThere],
    ['Without a secret', withoutSecret],
    ['Refused', refused],
  ] as const;
  return rows.map(([name, count]) => `${`${name}:`.padEnd(20)}${count}\n`).join('');
}
