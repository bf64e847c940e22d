import { newUser } from './faulty-config.ts';
import type { Cell } from './run-cells.ts';

const header = 'user_id,secret,note\n';
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const nothing = /There is no user in the file/;

interface InputFailure {
  readonly file: string;
  readonly text?: string;
  readonly ends?: number;
  readonly says: RegExp;
  readonly written?: boolean;
}

const failures: Readonly<Record<string, InputFailure>> = {
  'the file is empty, as CSV': { file: 'users.csv', text: '', says: nothing },
  'the file is empty, as JSON lines': { file: 'empty.jsonl', text: '', says: nothing },
  'the file is blank': { file: 'blank.jsonl', text: '\n\n', says: nothing },
  'the CSV has a header and no row': { file: 'users.csv', text: header, says: nothing },
  'the CSV has no header': {
    file: 'users.csv',
    text: `new,${secret},\n`,
    ends: 2,
    says: /names no column `user_id`/,
  },
  'the JSON is cut off': { file: 'cut.jsonl', text: newUser.slice(0, -5), says: /line 1: it is not a JSON/ },
  'the CSV is cut off within a row': {
    file: 'users.csv',
    text: `${header}new,${secret}`,
    says: /line 2: it has more or fewer columns/,
  },
  'the CSV is cut off within quotation marks': {
    file: 'users.csv',
    text: `${header}new,${secret},"note`,
    says: /a quotation mark is not closed/,
  },
  'the CSV is cut off within the last field, or so it looks': {
    file: 'users.csv',
    text: `${header}new,${secret},note`,
    ends: 0,
    says: /does not end with a line break/,
    written: true,
  },
  'the file is not there': { file: 'missing.csv', ends: 2, says: /cannot be opened\. \(ENOENT/ },
  'the file is a directory': { file: '.', ends: 1, says: /EISDIR/ },
  'the file cannot be read': { file: '/proc/self/mem', ends: 1, says: /EIO/ },
};

/** An import of nothing is none: what made the file has failed. */
export const inputCells: readonly Cell[] = Object.entries(failures).map(
  ([failure, { file, text, ends = 1, says, written = false }]): Cell => ({
    title: `import: ${failure}`,
    args: ['import', file, '--format', file.endsWith('.csv') ? 'csv' : 'jsonl'],
    files: text === undefined ? {} : { [file]: text },
    ...(file.startsWith('/') ? { needs: file } : {}),
    ends,
    says,
    ...(written ? {} : { not: /^Imported: +[1-9]/m }),
    store: written ? 'changed' : 'as it was',
  }),
);
