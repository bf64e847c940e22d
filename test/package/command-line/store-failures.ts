import { type CommandName, commandNames, commands } from './commands.ts';
import { configText } from './faulty-config.ts';
import type { Cell } from './run-cells.ts';

interface StoreFailure {
  readonly failure: string;
  /** The members that fail, as they stand in the config module. */
  readonly store: string;
  /** Why, as it has to be told. */
  readonly says: RegExp;
  /** The commands that meet it. */
  readonly met?: readonly CommandName[];
  /** Those that have written nevertheless. */
  readonly written?: readonly CommandName[];
}

const writers: readonly CommandName[] = ['reset', 'unlock', 'reseal', 'import', 'doctor'];
const late = /did not answer in time/;
const lost = /did not answer as it should\. \(no connection\)|of the store: no connection/;
const all = (how: string) => `get: ${how}, put: ${how}, delete: ${how}, list: ${how}`;
const writing = (then: string) => `put: async (...given) => { await whole.put(...given); return ${then}(); }`;

const failures: readonly StoreFailure[] = [
  {
    failure: 'the store rejects',
    store: `${all('rejects')}, async *list() { await rejects(); }`,
    says: lost,
  },
  { failure: 'the store throws', store: all('throws'), says: lost },
  {
    failure: 'the store never answers',
    store: `${all('never')}, async *list() { await never(); }`,
    says: /did not answer|did not go on/,
  },
  {
    failure: 'the store answers nonsense',
    store: all('() => 7'),
    says: /as it should|an account for a name/,
  },
  { failure: 'the store rejects what is written', store: 'put: rejects', says: lost, met: writers },
  { failure: 'the store never answers what is written', store: 'put: never', says: late, met: writers },
  {
    failure: 'the store writes, and then rejects',
    store: writing('rejects'),
    says: lost,
    met: writers,
    written: ['reset', 'unlock', 'reseal', 'import'],
  },
  {
    failure: 'the store writes, and then never answers',
    store: writing('never'),
    says: late,
    met: writers,
    written: ['reset', 'unlock', 'reseal', 'import'],
  },
  {
    failure: 'the store fails half-way',
    store: 'put: async (id, ...more) => (id === "u3" ? rejects() : whole.put(id, ...more))',
    says: lost,
    met: ['reseal'],
    written: ['reseal'],
  },
  {
    failure: 'the list never yields',
    store: 'async *list() { await never(); }',
    says: /did not go on within 20 s/,
    met: ['reseal'],
  },
  {
    failure: 'the list stands still half-way',
    store: 'async *list() { yield "u1"; await never(); }',
    says: /did not go on within 20 s/,
    met: ['reseal'],
  },
  {
    failure: 'the list fails half-way',
    store: 'async *list() { yield "u1"; await rejects(); }',
    says: lost,
    met: ['reseal'],
  },
  { failure: 'the list is none', store: 'list: () => undefined', says: /as it should/, met: ['reseal'] },
  {
    failure: 'the store does not remove',
    store: 'delete: rejects',
    says: /no connection[\s\S]*the account named "doctor .*": it may be left/,
    met: ['doctor'],
    written: ['doctor'],
  },
];

/** Each failure of the store, met by each command that can meet it. */
export const storeCells: readonly Cell[] = failures.flatMap(
  ({ failure, store, says, met = commandNames, written = [] }) =>
    met.map((name): Cell => {
      const { args, success } = commands[name];
      // What the doctor finds is what it was asked for.
      const told = name === 'doctor' ? { says: /^$/, out: says } : { says };
      return {
        title: `${name}: ${failure}`,
        args,
        config: configText({ store }),
        ends: 1,
        not: success,
        store: written.includes(name) ? 'changed' : 'as it was',
        ...told,
      };
    }),
);
