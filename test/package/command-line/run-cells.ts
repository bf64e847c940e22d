import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { accountsText, configText, newUser } from './faulty-config.ts';
import { installProgram, type Program, type Ran, type Start } from './program.ts';

/** One command that meets one failure, and what has to come of it. */
export interface Cell extends Omit<Start, 'directory'> {
  readonly title: string;
  /** The text of the config module; null where there is none. Default: one that works. */
  readonly config?: string | null;
  /** Files beside it; there is a `users.jsonl` with one new user. */
  readonly files?: Readonly<Record<string, string>>;
  /** The exit code, or the signal that ended it. */
  readonly ends: number | NodeJS.Signals;
  /** What standard error has to say. */
  readonly says: RegExp;
  readonly out?: RegExp;
  /** What must not be printed: a success. */
  readonly not?: RegExp;
  /** A file that not every platform has: without it the cell is left out. */
  readonly needs?: string;
  /** What became of the store. */
  readonly store: 'as it was' | 'changed';
}

interface Outcome extends Ran {
  readonly before: string;
  readonly after: string;
}

/** So many processes at once: most of those that are slow only wait, and other tests run meanwhile. */
const atOnce = 8;

/** Runs every cell on the packed program, and makes a test of each. */
export function testCells(all: readonly Cell[]): void {
  const cells = all.filter((cell) => missing(cell) === undefined);
  for (const cell of all.filter((cell) => missing(cell) !== undefined))
    test.skip(`${cell.title} (there is no ${missing(cell)} here)`, () => undefined);
  const outcomes = new Map<Cell, Promise<Outcome>>();
  let program: Program | undefined;
  beforeAll(async () => {
    program = await installProgram();
    startAll(program, cells, outcomes, await accountsText());
  });
  afterAll(async () => {
    await Promise.allSettled(outcomes.values());
    await program?.remove();
  });

  test.each(cells.map((cell) => [cell.title, cell] as const))('%s', async (_title, cell) => {
    const outcome = await outcomes.get(cell);
    if (!outcome) throw new Error('The cell was not run.');
    const { code, signal, out, err, before, after } = outcome;
    expect({ ends: code ?? signal, out, err }).toEqual({
      ends: cell.ends,
      out: cell.out ? expect.stringMatching(cell.out) : expect.anything(),
      err: expect.stringMatching(cell.says),
    });
    if (cell.not) expect(out).not.toMatch(cell.not);
    expect(after === before ? 'as it was' : 'changed').toBe(cell.store);
  });
}

function missing({ needs, output, errors }: Cell): string | undefined {
  const file = output === 'full' || errors === 'full' ? '/dev/full' : needs;
  return file === undefined || existsSync(file) ? undefined : file;
}

function startAll(
  program: Program,
  cells: readonly Cell[],
  outcomes: Map<Cell, Promise<Outcome>>,
  accounts: string,
): void {
  const free: (() => void)[] = [];
  let running = 0;
  async function inTurn(number: number, cell: Cell): Promise<Outcome> {
    if (running >= atOnce) await new Promise<void>((resolve) => free.push(resolve));
    running++;
    try {
      return await runCell(program, cell, { number, accounts });
    } finally {
      running--;
      free.shift()?.();
    }
  }
  for (const [number, cell] of cells.entries()) outcomes.set(cell, inTurn(number, cell));
}

async function runCell(
  program: Program,
  cell: Cell,
  { number, accounts }: { number: number; accounts: string },
): Promise<Outcome> {
  const directory = join(program.project, `cell-${number}`);
  await mkdir(directory);
  const { config = configText({}), files = {} } = cell;
  const all: Record<string, string> = { 'accounts.json': accounts, 'users.jsonl': newUser, ...files };
  if (config !== null) all['express-mfa.config.mjs'] = config;
  for (const [name, text] of Object.entries(all)) await writeFile(join(directory, name), text);
  const ran = await program.run({ ...cell, directory });
  return { ...ran, before: accounts, after: await readFile(join(directory, 'accounts.json'), 'utf8') };
}
