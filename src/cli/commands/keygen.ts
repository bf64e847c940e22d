import { randomBytes } from 'node:crypto';
import type { Command } from '../command.ts';
import { readCommandLine } from '../command-line.ts';

/** The only command that prints a secret: that is its purpose. */
export const keygen: Command = {
  usage: 'keygen',
  summary: 'Prints a new key for `keys`.',
  options: [],
  async run(args, { stdout }) {
    readCommandLine(args, { options: {} });
    stdout.write(`${randomBytes(32).toString('base64')}\n`);
    return 0;
  },
};
