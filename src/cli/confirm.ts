import { createInterface } from 'node:readline';
import type { Io } from './io.ts';
import { UsageError } from './usage-error.ts';

/**
 * Whether the person at the terminal says yes; anything else is a no.
 *
 * @throws UsageError where there is no terminal to ask on.
 */
export async function confirm({ stdin, stderr }: Io, question: string): Promise<boolean> {
  if (!stdin.isTTY || !stderr.isTTY) throw new UsageError('Add --yes: there is no terminal to ask on.');
  stderr.write(`${question} [y/N] `);
  const lines = createInterface({ input: stdin });
  try {
    for await (const line of lines) return /^y(es)?$/i.test(line.trim());
    return false;
  } finally {
    lines.close();
  }
}
