import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as v from 'valibot';
import { faultText } from '../fault-text.ts';
import type { MfaStore } from '../stores/store.ts';
import { withoutPrototype } from '../without-prototype.ts';
import type { OptionHelp } from './command.ts';
import type { Io } from './io.ts';
import { withPatience } from './patience.ts';
import { UsageError } from './usage-error.ts';

const names = ['js', 'mjs', 'cjs'].map((extension) => `express-mfa.config.${extension}`);

/** The option that names the module. */
export const configOption: OptionHelp = [
  '--config FILE',
  'The config module. Default: express-mfa.config.js, .mjs or .cjs of this directory.',
];

const callable = (value: unknown) => typeof value === 'function';
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const store = v.custom<MfaStore>(
  (value) =>
    isObject(value) && ['get', 'put', 'delete'].every((method) => callable(Reflect.get(value, method))),
  'must be a store with get, put and delete',
);

// The object that the app hands to createMfaRouter fits, so whatever else is in it is none of our business.
const entries = {
  keys: v.array(v.unknown(), 'must be a list of keys'),
  store,
  realm: v.optional(
    v.pipe(v.string('must be text'), v.regex(/^[a-z0-9-]{1,32}$/, 'must be 1 to 32 of a-z, 0-9 and -')),
  ),
  issuer: v.optional(v.string('must be text')),
  session: v.optional(
    v.custom<Readonly<Record<string, unknown>>>(isObject, 'must be the options of express-session'),
  ),
  trustProxy: v.optional(v.unknown()),
  close: v.optional(v.custom<() => unknown>(callable, 'must be a function')),
};
const schema = v.object(withoutPrototype(entries));

/** What the config module gives: the part of the app's options that the tool needs, and how to let go of it. */
export type CliConfig = v.InferOutput<typeof schema> & { readonly realm: string; readonly issuer: string };

/**
 * Loads the module that is named, or the first `express-mfa.config.*` of the working directory.
 *
 * @throws UsageError where there is none, it throws, or a member is missing or wrong.
 */
export async function loadConfig({ directory }: Io, named: string | undefined): Promise<CliConfig> {
  const path = named === undefined ? findConfig(directory) : resolve(directory, named);
  const result = v.safeParse(schema, await loadModule(path));
  if (result.success) {
    const config = withoutPrototype(result.output);
    return Object.assign(config, { realm: config.realm ?? '', issuer: config.issuer ?? '' });
  }
  const [issue] = result.issues;
  const member = v.getDotPath(issue);
  const complaint = member
    ? `\`${member}\` ${missing(issue.input) ?? issue.message}`
    : 'it must give an object';
  throw new UsageError(`Mend ${path}: ${complaint}.`);
}

function missing(input: unknown): string | undefined {
  return input === undefined ? 'is missing' : undefined;
}

function findConfig(directory: string): string {
  const found = names.map((name) => join(directory, name)).find((path) => existsSync(path));
  if (found) return found;
  throw new UsageError(`Name a config module by --config, or write ${names[0]} here: there is none.`);
}

async function loadModule(path: string): Promise<unknown> {
  if (!existsSync(path)) throw new UsageError(`There is no config module ${path}.`);
  return withPatience(`The config module ${path}`, async () => {
    try {
      const given = exportOf(await import(pathToFileURL(path).href));
      const config: unknown = await (typeof given === 'function' ? given() : given);
      return isObject(config) ? withoutPrototype(config) : config;
    } catch (error) {
      throw new UsageError(`The config module ${path} failed: ${faultText(error)}`);
    }
  });
}

/** The default export, or all the named ones; a module that a compiler made of `export default` has two layers. */
function exportOf(module: object): unknown {
  const given = defaultOf(module);
  return isObject(given) && Object.hasOwn(given, '__esModule') ? defaultOf(given) : given;
}

function defaultOf(module: object): unknown {
  return Object.hasOwn(module, 'default') ? Reflect.get(module, 'default') : module;
}
