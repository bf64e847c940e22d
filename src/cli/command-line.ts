import { type ParseArgsConfig, parseArgs } from 'node:util';
import { faultText } from '../fault-text.ts';
import { UsageError } from './usage-error.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

/** The names of the one thing that a command may be about, as its usage has them. */
type Operand = 'USER' | 'FILE';

interface Expected<O extends Options> {
  readonly options: O;
  /** What has to be named beside the options; without it nothing may be. */
  readonly operand?: Operand;
}

/**
 * Reads what stands behind a command's name.
 *
 * @throws UsageError where an option is unknown or has no value, or the operand is missing.
 */
export function readCommandLine<const O extends Options>(
  args: readonly string[],
  { options, operand }: Expected<O>,
) {
  const { values, positionals } = parse(args, options);
  const [first = '', ...more] = positionals;
  if (operand && first === '') throw new UsageError(`Name one ${operand}.`);
  const surplus = operand ? more[0] : positionals[0];
  if (surplus !== undefined)
    throw new UsageError(`Remove ${JSON.stringify(surplus)}: nothing is expected there.`);
  return { values, operand: first };
}

function parse<O extends Options>(args: readonly string[], options: O) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(faultText(error));
  }
}
