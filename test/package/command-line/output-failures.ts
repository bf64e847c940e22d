import { commandNames, commands } from './commands.ts';
import { configText } from './faulty-config.ts';
import type { Cell } from './run-cells.ts';

const printers: Readonly<Record<string, readonly string[]>> = {
  help: ['help'],
  '--version': ['--version'],
  keygen: ['keygen'],
  ...Object.fromEntries(commandNames.map((name) => [name, commands[name].args])),
};
const changing = ['reset', 'unlock', 'reseal', 'import'];

const outputs = [
  ['full', 'standard output is full', /not all of its output could be written: ENOSPC/],
  ['closed', 'standard output is closed early', /not all of its output could be written: .*EPIPE/],
] as const;

/** What was done is done, and what could not be told of it is told on the other side. */
export const outputCells: readonly Cell[] = Object.entries(printers).flatMap(([name, args]) =>
  outputs.map(
    ([output, failure, says]): Cell => ({
      title: `${name}: ${failure}`,
      args,
      output,
      ends: 1,
      says,
      store: changing.includes(name) ? 'changed' : 'as it was',
    }),
  ),
);

/** Node takes the part of a text that a disk has had room for as if it were all of it. */
export const shortOutputCells: readonly Cell[] = [
  {
    title: 'status: standard output becomes full half-way',
    args: ['status', 'u'.repeat(1_200)],
    output: 'nearly full',
    needs: '/bin/bash',
    ends: 1,
    says: /not all of its output could be written: EFBIG/,
    store: 'as it was',
  },
];

/** Where nobody can be told why, the exit code is all that is left. */
export const errorOutputCells: readonly Cell[] = [
  {
    title: 'import: standard error is full, with the reasons of refused lines',
    args: ['import', 'users.jsonl'],
    files: { 'users.jsonl': '{"user_id":"new","secret":"AAAA"}\n' },
    errors: 'full',
    ends: 1,
    says: /^$/,
    out: /^Refused: +1$/m,
    store: 'as it was',
  },
  {
    title: 'import: standard error is full, with nothing to refuse',
    args: ['import', 'users.jsonl'],
    errors: 'full',
    ends: 1,
    says: /^$/,
    out: /^Imported: +1$/m,
    store: 'changed',
  },
  {
    title: 'reset: standard error is full, with nothing to say there',
    args: commands.reset.args,
    errors: 'full',
    ends: 0,
    says: /^$/,
    out: commands.reset.success,
    store: 'changed',
  },
  {
    title: 'status: both are full, and the store rejects',
    args: commands.status.args,
    config: configText({ store: 'get: rejects' }),
    output: 'full',
    errors: 'full',
    ends: 1,
    says: /^$/,
    store: 'as it was',
  },
];

/** The report is full, and the store fails as well: neither hides the other. */
export const reportCells: readonly Cell[] = [
  {
    title: 'import: the report is full, and the store rejects',
    args: ['import', 'users.jsonl', '--report', '/dev/full'],
    needs: '/dev/full',
    files: {
      'users.jsonl':
        '{"user_id":"bad","secret":"AAAA"}\n{"user_id":"new","secret":"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"}\n',
    },
    config: configText({ store: 'put: rejects' }),
    ends: 1,
    says: /no connection[\s\S]*ENOSPC/,
    store: 'as it was',
  },
];
