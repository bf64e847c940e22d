import { expect, test } from '@jest/globals';
import { listInTime } from '../../src/flows/list-in-time.ts';

async function all(names: AsyncIterable<string>, stepMs?: number): Promise<string[]> {
  const found: string[] = [];
  for await (const name of listInTime(names, stepMs)) found.push(name);
  return found;
}

test('a list may be as slow as it likes as long as it goes on', async () => {
  async function* slow() {
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      await new Promise((resolve) => setTimeout(resolve, 60));
      yield name;
    }
  }
  expect(await all(slow(), 200)).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('a list may be without promises', async () => {
  expect(await all(['a', 'b'] as unknown as AsyncIterable<string>)).toEqual(['a', 'b']);
});

test('a list that stands still is told', async () => {
  async function* still() {
    yield 'a';
    await new Promise(() => undefined);
  }
  await expect(all(still(), 20)).rejects.toThrow('`list` of the store did not go on within 0.02 s.');
});

test('a list that fails is told as it is', async () => {
  async function* broken() {
    yield 'a';
    throw new Error('gone');
  }
  await expect(all(broken())).rejects.toThrow(/^gone$/);
});

test('the store lets go of a list where the walk ends early', async () => {
  let released = false;
  async function* held() {
    try {
      for (;;) yield 'a';
    } finally {
      released = true;
    }
  }
  for await (const _ of listInTime(held())) break;
  expect(released).toBe(true);
});
