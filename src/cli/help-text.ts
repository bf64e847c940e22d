import type { Command } from './command.ts';

/** What all commands do, a line each. */
export function helpText(commands: readonly Command[]): string {
  const lines = table([
    ...commands.map(({ usage, summary }) => [usage, summary] as const),
    ['help [COMMAND]', 'Says this, or what a command takes.'],
    ['--version', 'Prints the version.'],
  ]);
  return `express-mfa COMMAND [--config FILE]\n\n${lines}\nExit codes: 0 fine; 1 something was found, refused or failed; 2 called wrongly.\n`;
}

/** What one command takes. */
export function usageOf({ usage, summary, options }: Command): string {
  return `express-mfa ${usage}\n\n${summary}\n${options.length > 0 ? `\n${table(options)}` : ''}`;
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return rows.map(([name, meaning]) => `  ${name.padEnd(width)}${meaning}\n`).join('');
}
