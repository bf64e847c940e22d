import { keyOf, serviceOn, unmarkedStore } from '../../cli/open-cli.ts';

/** The members of a config module, as text: what is left out is as it should be. */
export interface Members {
  /** Members of the store that take the place of those that work. */
  readonly store?: string;
  readonly close?: string;
  /** Stands at the end of the module. */
  readonly more?: string;
}

/** A store in a file, `accounts.json`, and words for what can go wrong with it. */
export function configText({ store = '', close = 'async () => undefined', more = '' }: Members): string {
  return `
import { readFileSync, writeFileSync } from 'node:fs';
const file = new URL('accounts.json', import.meta.url);
const accounts = new Map(JSON.parse(readFileSync(file, 'utf8')));
const save = () => writeFileSync(file, JSON.stringify([...accounts]));
const never = () => new Promise(() => undefined);
const rejects = async () => { throw new Error('no connection'); };
const throws = () => { throw new Error('no connection'); };
const whole = {
  async get(id) { return accounts.get(id); },
  async put(id, { version, data }, expected) {
    if (accounts.get(id)?.version !== expected) return false;
    accounts.set(id, { version, data });
    save();
    return true;
  },
  async delete(id) { accounts.delete(id); save(); },
  async *list() { yield* [...accounts.keys()]; },
};
export const keys = ${JSON.stringify([keyOf('second'), keyOf('first')])};
export const store = { ...whole, ${store} };
export const close = ${close};
${more}`;
}

/** The accounts that every cell begins with, as `accounts.json`: u1 is locked, u2 and u3 are not. */
export async function accountsText(): Promise<string> {
  const store = unmarkedStore();
  const service = serviceOn(store);
  const users = ['u1', 'u2', 'u3'];
  for (const user of users) await service.importTotp(user, '7'.repeat(20), { encoding: 'text' });
  const stored = await Promise.all(users.map(async (user) => [user, await store.get(user)] as const));
  const locked = { failures: 100, waitUntil: 0 };
  const accounts = stored.map(([user, account]) => {
    const data = JSON.parse(account?.data ?? '{}');
    const budget = user === 'u1' ? locked : data.budget;
    return [user, { version: account?.version, data: JSON.stringify({ ...data, budget }) }];
  });
  return JSON.stringify(accounts);
}

/** A user to import who has no account yet. */
export const newUser = '{"user_id":"new","secret":"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"}\n';
