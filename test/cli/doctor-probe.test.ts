import { expect, test } from '@jest/globals';
import { useCli } from './use-cli.ts';

const cli = useCli();
const gone = () => Promise.reject(new Error('gone'));

test('an account of the doctor that cannot be removed is named', async () => {
  cli.config.store = { ...cli.store, delete: gone };
  const { code, out } = await cli.run(['doctor']);
  const [left] = Object.keys(await cli.accounts());
  expect(left).toMatch(/^doctor /);
  expect(code).toBe(1);
  expect(out).toMatch(/^error {3}store {7}Mend the connection or the schema of the store: gone$/m);
  expect(out).toContain(`Remove the account named "${left}": it may be left behind.\n`);
});

test('where nothing was written, nothing is left to be removed', async () => {
  cli.config.store = { ...cli.store, get: gone, delete: gone };
  const { code, out } = await cli.run(['doctor']);
  expect([code, out.includes('left behind')]).toEqual([1, false]);
  expect(await cli.accounts()).toEqual({});
});
