import { type CommandName, commandNames, commands } from './commands.ts';
import { configText } from './faulty-config.ts';
import type { Cell } from './run-cells.ts';

interface ConfigFailure {
  readonly failure: string;
  /** The text of the module; null where there is none. */
  readonly config: string | null;
  readonly ends: number;
  readonly says: RegExp;
  /** The commands that are tried with it; all of them unless it takes long. */
  readonly met?: readonly CommandName[];
}

const whole = configText({});
const given = (text: string) => `export default ${text};`;

const failures: readonly ConfigFailure[] = [
  { failure: 'no config', config: null, ends: 2, says: /Name a config module by --config/ },
  { failure: 'the config is no JavaScript', config: 'export {', ends: 2, says: /failed: / },
  { failure: 'the config throws', config: 'throw new Error("no key");', ends: 2, says: /failed: no key/ },
  {
    failure: 'the config rejects',
    config: given('Promise.reject(new Error("no key"))'),
    ends: 2,
    says: /failed: no key/,
  },
  { failure: 'the config is nonsense', config: given('7'), ends: 2, says: /it must give an object/ },
  {
    failure: 'the config has a member that throws',
    config: given('{ get keys() { throw new Error("no key"); } }'),
    ends: 2,
    says: /failed: no key/,
  },
  { failure: 'the config is empty', config: given('{}'), ends: 2, says: /`keys` is missing/ },
  {
    failure: 'the config ends the process',
    config: 'process.exit(0);',
    ends: 1,
    says: /ended before the command did/,
  },
  {
    failure: 'the config loses an error',
    config: `${whole}\nsetTimeout(() => { throw new Error("lost"); });\nawait never();`,
    ends: 1,
    says: /lost/,
  },
  {
    failure: 'the config never settles',
    config: given('new Promise(() => undefined)'),
    ends: 1,
    says: /did not settle within 10 s/,
  },
  {
    failure: 'the config waits for ever',
    config: 'await new Promise(() => undefined);',
    ends: 1,
    says: /did not settle within 10 s/,
    met: ['status'],
  },
  {
    failure: 'the config is a function that never answers',
    config: given('() => new Promise(() => setInterval(() => undefined, 1_000))'),
    ends: 1,
    says: /did not settle within 10 s/,
    met: ['status'],
  },
];

/** What has no outcome yet says nothing on standard output. */
export const configCells: readonly Cell[] = failures.flatMap(
  ({ failure, config, ends, says, met = commandNames }) =>
    met.map(
      (name): Cell => ({
        title: `${name}: ${failure}`,
        args: commands[name].args,
        config,
        ends,
        says,
        out: /^$/,
        store: 'as it was',
      }),
    ),
);

const closings = [
  ['close rejects', 'rejects', /The command has ended, but `close` .*: no connection/],
  ['close throws', 'throws', /The command has ended, but `close` .*: no connection/],
  ['close never settles', 'never', /The command has ended, but `close` .* did not settle within 10 s/],
] as const;

/** What a command has done and told before stays so, and the fault of `close` is told as well. */
export const closeCells: readonly Cell[] = closings.flatMap(([failure, close, says]) => [
  ...commandNames.map((name): Cell => {
    const changes = !['status', 'doctor'].includes(name);
    return {
      title: `${name}: ${failure}, after all went well`,
      args: commands[name].args,
      config: configText({ close }),
      ends: 1,
      says,
      out: commands[name].success,
      store: changes ? 'changed' : 'as it was',
    };
  }),
  {
    title: `reset: the store rejects, and ${failure}`,
    args: commands.reset.args,
    config: configText({ close, store: 'get: rejects, put: rejects' }),
    ends: 1,
    says: new RegExp(`did not answer as it should\\. \\(no connection\\)\\n[\\s\\S]*${says.source}`),
    out: /^$/,
    store: 'as it was',
  },
]);
