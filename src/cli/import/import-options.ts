import type { SecretEncoding } from '../../flows/import-totp.ts';
import type { OptionHelp } from '../command.ts';
import { readCommandLine } from '../command-line.ts';
import { defaultFields, type Fields, importPresets } from '../import-presets.ts';
import { configOption } from '../load-config.ts';
import { UsageError } from '../usage-error.ts';

const encodings: readonly SecretEncoding[] = ['base32', 'base64', 'hex', 'text'];
const sources = Object.keys(importPresets);

/** What help says of them. */
export const importOptions: readonly OptionHelp[] = [
  ['--from SOURCE', `The system that the file comes from: ${sources.join(', ')}.`],
  ['--format FORMAT', 'jsonl or csv. Default: what the name of the file ends with.'],
  ['--user-field NAME', 'Where the user id stands, if not where SOURCE has it. Default: user_id.'],
  ['--secret-field NAME', 'Where the secret stands. Default: secret.'],
  ['--codes-field NAME', "Where unused backup codes stand; '' for none. Default: backup_codes."],
  ['--encoding NAME', `How secrets are written: ${encodings.join(', ')}. Default: base32.`],
  ['--dry-run', 'Check every line, and write nothing.'],
  ['--report FILE', 'Write the reasons of refused lines there, and not to stderr.'],
  configOption,
];

/** @throws UsageError where an option is unknown, or has a value that it does not take. */
export function readImportOptions(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const { values, operand: file } = readCommandLine(args, {
    operand: 'FILE',
    options: {
      config: text,
      from: text,
      format: text,
      'user-field': text,
      'secret-field': text,
      'codes-field': text,
      encoding: text,
      report: text,
      'dry-run': { type: 'boolean' },
    },
  });
  const preset = presetNamed(values.from);
  const fields: Fields = {
    ...preset,
    user: values['user-field'] ?? preset.user,
    secret: values['secret-field'] ?? preset.secret,
    codes: values['codes-field'] ?? preset.codes,
    encoding: values.encoding === undefined ? preset.encoding : encodingNamed(values.encoding),
  };
  const { config, format, report, 'dry-run': dryRun = false } = values;
  return { file, fields, config, format, report, dryRun };
}

function presetNamed(name: string | undefined): Fields {
  if (name === undefined) return defaultFields;
  const preset = Object.hasOwn(importPresets, name) ? importPresets[name] : undefined;
  if (preset) return preset;
  throw new UsageError(
    `Give --from one of ${sources.join(', ')}, or name the fields by options of their own.`,
  );
}

function encodingNamed(name: string): SecretEncoding {
  const encoding = encodings.find((known) => known === name);
  if (encoding) return encoding;
  throw new UsageError(`Give --encoding one of ${encodings.join(', ')}.`);
}
