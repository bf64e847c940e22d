import { inParallel } from '../../in-parallel.ts';
import type { Fields } from '../import-presets.ts';
import type { ImportUser, Outcome } from './import-user.ts';
import type { Line } from './line.ts';
import { readUser } from './read-user.ts';

/** What a run found and did, in lines. */
export interface ImportCounts {
  imported: number;
  alreadyThere: number;
  withoutSecret: number;
  refused: number;
}

interface Run {
  readonly lines: AsyncIterator<Line>;
  readonly fields: Fields;
  readonly importUser: ImportUser;
  readonly signal: AbortSignal;
  /** Hears of every line that is refused. */
  readonly onRefused: (line: number, reason: string) => void;
  /** Called after every line, with how much of the file is done, in bytes. */
  readonly onLine: (bytes: number) => void;
  readonly counts: ImportCounts;
}

/** So many users at once: enough to keep the processor busy with their backup codes. */
const inHand = 16;

/**
 * Imports line by line until the end or the signal.
 *
 * @throws what the store or the file throws; what was counted by then is right.
 */
export async function importAll({ lines, signal, ...run }: Run): Promise<void> {
  await inParallel({
    inHand,
    items: lines,
    signal,
    async run(line) {
      count(run, line.line, await outcomeOf(line, run));
      run.onLine(line.bytes);
    },
  });
}

async function outcomeOf(
  line: Line,
  { fields, importUser }: Pick<Run, 'fields' | 'importUser'>,
): Promise<Outcome | 'no_secret'> {
  if ('refused' in line) return line;
  const user = readUser(line.row, fields);
  return user === 'no_secret' || 'refused' in user ? user : importUser(user);
}

function count(
  { counts, onRefused }: Pick<Run, 'counts' | 'onRefused'>,
  line: number,
  outcome: Outcome | 'no_secret',
): void {
  if (outcome === 'imported') counts.imported++;
  else if (outcome === 'already_there') counts.alreadyThere++;
  else if (outcome === 'no_secret') counts.withoutSecret++;
  else {
    counts.refused++;
    onRefused(line, outcome.refused);
  }
}
