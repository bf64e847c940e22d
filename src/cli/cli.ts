#!/usr/bin/env node
import { faultText } from '../fault-text.ts';
import { withoutPrototype } from '../without-prototype.ts';
import type { ExitCode } from './command.ts';
import { main } from './main.ts';
import { watchOutput } from './output.ts';
import { patienceMs } from './patience.ts';

const stdout = watchOutput(process.stdout);
const stderr = watchOutput(process.stderr);
const tell = (sentence: string) => stderr.write(`express-mfa: ${sentence}\n`);
let ended = false;

/** Not before everything is written; and at once then: a pool that the config module does not close would stay. */
async function end(code: ExitCode): Promise<void> {
  const lost = await stdout.settled();
  if (lost) tell(`The command has ended, but not all of its output could be written: ${faultText(lost)}`);
  const untold = lost ?? (await stderr.settled());
  ended = true;
  process.exit(untold && code === 0 ? 1 : code);
}

function fail(sentence: string): void {
  tell(sentence);
  void end(1);
}

/** What has not stopped in time hangs on something that no deadline ends, such as a file that is a pipe. */
function interrupted(): AbortSignal {
  const controller = new AbortController();
  const late = `It has not stopped within ${patienceMs / 1_000} s of Ctrl-C: what was in hand may be done or not.`;
  process.once('SIGINT', () => {
    controller.abort();
    setTimeout(fail, patienceMs, late).unref();
  });
  return controller.signal;
}

process.once('uncaughtException', (error) => fail(faultText(error)));
// The host's code may end the process, or leave it nothing to wait for: neither is a success.
process.once('exit', (code) => {
  if (ended) return;
  tell('The process ended before the command did: what it was about may be done or not.');
  process.exitCode = code || 1;
});

const { stdin, env } = process;
const io = { stdin, stdout, stderr, env: withoutPrototype(env), directory: process.cwd(), interrupted };
void main(process.argv.slice(2), io).then(end);
