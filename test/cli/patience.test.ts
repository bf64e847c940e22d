import { expect, test } from '@jest/globals';
import { withPatience } from '../../src/cli/patience.ts';

test('what settles in time is given as it is', async () => {
  expect(await withPatience('It', () => 7)).toBe(7);
  await expect(withPatience('It', () => Promise.reject(new Error('gone')))).rejects.toThrow(/^gone$/);
});

test('what does not is told by its name', async () => {
  await expect(withPatience('It', () => new Promise(() => undefined), 20)).rejects.toThrow(
    /^It did not settle within 0\.02 s\.$/,
  );
});
