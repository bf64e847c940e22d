#!/usr/bin/env node
import { main } from './main.ts';

function interrupted(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  return controller.signal;
}

const { stdin, stdout, stderr, env } = process;
main(process.argv.slice(2), { stdin, stdout, stderr, env, directory: process.cwd(), interrupted }).then(
  (code) => {
    // A pool that the config module does not close would keep the process alive; and a pipe is written to later.
    stdout.write('', () => stderr.write('', () => process.exit(code)));
  },
);
