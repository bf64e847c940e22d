import assert from 'node:assert/strict';
import { randomId } from '../crypto/random-id.ts';
import type { MfaStore } from '../stores/store.ts';
import { testList } from './list-contract.ts';
import type { StoreContract } from './store-contract-input.ts';
import { assertStored, namesLike, record } from './stored-records.ts';

/** What every store must do: a test for each sentence of the `MfaStore` interface. */
export function testMfaStore({ test, createStore }: StoreContract): void {
  test('get gives undefined for a user who was never stored', async () => {
    const store = await createStore();
    assert.equal(await store.get(randomId()), undefined);
  });

  test('put creates where nothing is expected, and get gives back the very same', async () => {
    const store = await createStore();
    const user = randomId();
    const first = record();
    assert.equal(await store.put(user, first, undefined), true);
    await assertStored(store, user, first);
  });

  test('put does not create over an account that exists', async () => {
    const store = await createStore();
    const user = randomId();
    const first = record();
    await store.put(user, first, undefined);
    assert.equal(await store.put(user, record('other'), undefined), false);
    await assertStored(store, user, first);
  });

  test('put replaces the expected version', async () => {
    const store = await createStore();
    const user = randomId();
    const first = record();
    const second = record('second');
    await store.put(user, first, undefined);
    assert.equal(await store.put(user, second, first.version), true);
    await assertStored(store, user, second);
  });

  test('put refuses an older version and changes nothing', async () => {
    const store = await createStore();
    const user = randomId();
    const first = record();
    const second = record('second');
    await store.put(user, first, undefined);
    await store.put(user, second, first.version);
    assert.equal(await store.put(user, record('stale'), first.version), false);
    await assertStored(store, user, second);
  });

  test('put refuses a version that is only the beginning of the stored one', async () => {
    const store = await createStore();
    const user = randomId();
    const first = record();
    await store.put(user, first, undefined);
    assert.equal(await store.put(user, record('short'), first.version.slice(0, 8)), false);
    assert.equal(await store.put(user, record('long'), `${first.version}x`), false);
    await assertStored(store, user, first);
  });

  test('put with an expected version does not create', async () => {
    const store = await createStore();
    const user = randomId();
    assert.equal(await store.put(user, record(), randomId()), false);
    assert.equal(await store.get(user), undefined);
  });

  test('delete removes, and the version of before matches nothing any more', async () => {
    const store = await createStore();
    const user = randomId();
    const first = record();
    await store.put(user, first, undefined);
    await store.delete(user);
    assert.equal(await store.get(user), undefined);
    assert.equal(await store.put(user, record('stale'), first.version), false);
    assert.equal(await store.put(user, record('anew'), undefined), true);
  });

  test('delete of a user who is not there is a no-op', async () => {
    const store = await createStore();
    await store.delete(randomId());
  });

  test('of 50 who create at once exactly one succeeds', async () => {
    const store = await createStore();
    const user = randomId();
    await raceOf50(store, user, undefined);
  });

  test('of 50 who replace the same version at once exactly one succeeds, round after round', async () => {
    const store = await createStore();
    const user = randomId();
    let expected: string | undefined;
    for (let round = 0; round < 10; round++) expected = await raceOf50(store, user, expected);
  });

  test('of 50 callers over several connections exactly one succeeds', async () => {
    const stores = await Promise.all(Array.from({ length: 5 }, async () => createStore()));
    const user = randomId();
    const first = record();
    await stores[0]?.put(user, first, undefined);
    const tries = Array.from({ length: 50 }, (_, caller) => ({ caller, next: record(`caller ${caller}`) }));
    const won = await Promise.all(
      tries.map(({ caller, next }) => stores[caller % stores.length]?.put(user, next, first.version)),
    );
    assert.deepEqual(
      won.filter((answer) => answer !== false),
      [true],
    );
    // And whoever asks next sees it, over whichever connection.
    const winner = tries[won.indexOf(true)]?.next;
    for (const store of stores) await assertStored(store, user, winner);
  });

  test('what one connection wrote or removed, another sees at once, also where it has read before', async () => {
    const [writer, reader] = [await createStore(), await createStore()];
    const user = randomId();
    const first = record();
    const second = record('second');
    await reader.put(user, first, undefined);
    await assertStored(reader, user, first);
    await writer.put(user, second, first.version);
    await assertStored(reader, user, second);
    await writer.delete(user);
    assert.equal(await reader.get(user), undefined);
  });

  test('users do not see each other, however alike their names are', async () => {
    const store = await createStore();
    const distinct = [...new Set(namesLike(randomId()))];
    for (const user of distinct) assert.equal(await store.put(user, record(user), undefined), true, user);
    for (const user of distinct) assert.equal((await store.get(user))?.data, user);
  });

  test('whether the user is enrolled is kept beside and changes nothing else', async () => {
    const store = await createStore();
    const user = randomId();
    const first = record('first', false);
    const second = record('second', true);
    assert.equal(await store.put(user, first, undefined), true);
    assert.equal(await store.put(user, second, first.version), true);
    await assertStored(store, user, second);
  });

  test('data comes back to the letter, 64 kB of it and in any script', async () => {
    const store = await createStore();
    const user = randomId();
    const data = `{"quotes":"'\\"","lines":"\\n\n\r\n","other":"äß→漢字🔐"}${'x'.repeat(65_536)}`;
    await store.put(user, record(data), undefined);
    assert.equal((await store.get(user))?.data, data);
  });

  testList({ test, createStore });
}

async function raceOf50(store: MfaStore, user: string, expected: string | undefined): Promise<string> {
  const tries = Array.from({ length: 50 }, (_, caller) => record(`caller ${caller}`));
  const won = await Promise.all(tries.map((next) => store.put(user, next, expected)));
  assert.deepEqual(
    won.filter((answer) => answer !== false),
    [true],
  );
  const winner = tries[won.indexOf(true)];
  await assertStored(store, user, winner);
  return winner?.version ?? '';
}
