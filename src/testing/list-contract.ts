import assert from 'node:assert/strict';
import { randomId } from '../crypto/random-id.ts';
import type { StoreContract } from './store-contract-input.ts';
import { namesLike, record } from './stored-records.ts';

/** What `list` must do, in a store that has it. */
export function testList({ test, createStore }: StoreContract): void {
  test('list, where there is one, names every account as put was given it, also many of them', async () => {
    const store = await createStore();
    if (!store.list) return;
    const base = randomId();
    const many = Array.from({ length: 1_200 }, (_, number) => `${base}-${number}`);
    const users = [...namesLike(base), ...many];
    const removed = `${base}-7`;
    await someAtATime(users, (user) => store.put(user, record(), undefined));
    await store.delete(removed);

    const listed = new Set<string>();
    for await (const name of store.list()) listed.add(name);
    assert.deepEqual(
      users.filter((user) => !listed.has(user)),
      [removed],
    );
    await someAtATime(users, (user) => store.delete(user));
  });
}

/** Fewer than a pool of connections has waiting before it gives up. */
async function someAtATime(users: readonly string[], run: (user: string) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < users.length; start += 50) {
    await Promise.all(users.slice(start, start + 50).map(run));
  }
}
