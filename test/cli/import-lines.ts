import type { Cli, Ran } from './open-cli.ts';

export const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
export const codes = ['aBcDe-FgHiJ', '0f9a3c'];

/** Writes `users.jsonl`; a row that is a text goes in as it is. */
export function writeLines(cli: Cli, rows: readonly unknown[]): Promise<void> {
  const lines = rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row)));
  return cli.write('users.jsonl', lines.join('\n'));
}

export const importLines = (cli: Cli, args: readonly string[]): Promise<Ran> =>
  cli.run(['import', 'users.jsonl', ...args]);

/** The numbers at the ends of the lines. */
export const counts = (out: string): number[] => (out.match(/\d+$/gm) ?? []).map(Number);
