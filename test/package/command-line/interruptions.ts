import { type CommandName, commandNames, commands } from './commands.ts';
import { configText, newUser } from './faulty-config.ts';
import type { Cell } from './run-cells.ts';

/** Says that it is there, and then never answers: the moment for Ctrl-C. */
const stands = "() => { console.error('HERE'); return never(); }";
/** An open connection: what waits only for a promise would be told from what works. */
const alive = 'setInterval(() => undefined, 1_000);';
const once = { at: /HERE/, times: 1 };
const twice = { at: /HERE/, times: 2 };

function interrupted(name: CommandName, stage: string, cell: Partial<Cell>): Cell {
  const { args, success } = commands[name];
  const rest = { interrupt: once, says: /HERE/, not: success, store: 'as it was' } as const;
  return { title: `${name}: Ctrl-C ${stage}`, args, ends: 'SIGINT', ...rest, ...cell };
}

/** Ctrl-C ends what is not in the middle of many accounts at once, by the signal, as the shell expects it. */
export const interruptCells: readonly Cell[] = [
  ...commandNames.map((name) =>
    interrupted(name, 'while the config is loaded', {
      config: configText({ more: `${alive} console.error('HERE'); await never();` }),
    }),
  ),
  ...(['status', 'reset', 'unlock', 'doctor'] as const).map((name) =>
    interrupted(name, 'while the store stands still', {
      config: configText({ store: `get: ${stands}`, more: alive }),
    }),
  ),
  interrupted('reset', 'while it closes', {
    config: configText({ close: stands, more: alive }),
    not: /never/,
    out: commands.reset.success,
    store: 'changed',
  }),
  interrupted('reseal', 'while the store stands still', {
    config: configText({ store: `get: ${stands}` }),
    ends: 1,
    says: /did not answer in time/,
  }),
  interrupted('reseal', 'while the list stands still', {
    config: configText({ store: `async *list() { await (${stands})(); }` }),
    ends: 1,
    says: /has not stopped within 10 s of Ctrl-C/,
  }),
  interrupted('reseal', 'twice', {
    config: configText({ store: `async *list() { await (${stands})(); }` }),
    interrupt: twice,
  }),
  interrupted('reseal', 'between two accounts', {
    config: configText({
      store: `async *list() { yield 'u1'; yield 'u2'; yield 'u3'; },
        async put(...given) {
          console.error('HERE');
          await new Promise((done) => setTimeout(done, 1_000));
          return whole.put(...given);
        }`,
    }),
    ends: 0,
    not: /never/,
    out: commands.reseal.success,
    store: 'changed',
  }),
  interrupted('import', 'while the store stands still', {
    config: configText({ store: `get: ${stands}` }),
    ends: 1,
    says: /did not answer in time/,
  }),
  interrupted('import', 'between two users', {
    config: configText({
      store: `async put(...given) {
          console.error('HERE');
          await new Promise((done) => setTimeout(done, 1_000));
          return whole.put(...given);
        }`,
    }),
    files: { 'users.jsonl': manyUsers(100) },
    ends: 1,
    says: /Stopped\. Start it again/,
    not: /^Imported: +100/m,
    out: /^Imported: +[1-9]/m,
    store: 'changed',
  }),
  interrupted('import', 'while it closes', {
    config: configText({ close: stands }),
    ends: 1,
    says: /The command has ended, but `close`|has not stopped/,
    not: /never/,
    out: commands.import.success,
    store: 'changed',
  }),
];

function manyUsers(count: number): string {
  return Array.from({ length: count }, (_, user) => newUser.replace('new', `new ${user}`)).join('');
}
