import { type CommandName, commandNames, commands } from './commands.ts';
import { configText } from './faulty-config.ts';
import type { Cell } from './run-cells.ts';

/** What a dependency of the app may have left on every object: each would be somebody else's word. */
const hostile = `
for (const [name, value] of Object.entries({
  realm: 'x', issuer: 7, session: 7, close: 7, confirmed: false, verified: false, digits: '8', period: '60',
  algorithm: 'SHA512', secret: 'x', cookie: 7, from: 'auth0', config: 'other.js', delimiter: ';', columns: false,
})) Object.prototype[name] = value;`;

const written: readonly CommandName[] = ['reset', 'unlock', 'reseal', 'import'];

/** Every command works on the users that are meant, by what the config module and the file themselves say. */
export const hostileCells: readonly Cell[] = commandNames.map(
  (name): Cell => ({
    title: `${name}: somebody has put members on Object.prototype`,
    args: commands[name].args,
    config: configText({ more: hostile }),
    // The doctor has something to say of the session that this config module does not tell of.
    ends: name === 'doctor' ? 1 : 0,
    says: name === 'reseal' || name === 'import' ? /100 %/ : /^$/,
    out: commands[name].success,
    store: written.includes(name) ? 'changed' : 'as it was',
  }),
);
