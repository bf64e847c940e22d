import { afterEach, expect, jest, test } from '@jest/globals';
import bcrypt from 'bcrypt';
import { slowCompare, slowHash } from '../../src/crypto/slow-hash.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

const form = `$2b$10$${'a'.repeat(53)}`;
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** bcrypt jobs that end when the test says so. */
function holdBcrypt() {
  const under: { text: string; end: (error?: Error) => void }[] = [];
  function job<T>(text: unknown, result: T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      under.push({ text: String(text), end: (error) => (error ? reject(error) : resolve(result)) });
    });
  }
  jest.spyOn(bcrypt, 'hash').mockImplementation(((text: string) => job(text, form)) as typeof bcrypt.hash);
  jest
    .spyOn(bcrypt, 'compare')
    .mockImplementation(((text: string) => job(text, true)) as typeof bcrypt.compare);
  return under;
}

test('a hash is bcrypt’s, of cost 10, and only its own text matches', async () => {
  const hash = await slowHash('the text');
  expect(hash).toMatch(/^\$2b\$10\$[./A-Za-z0-9]{53}$/);
  expect(await bcrypt.compare('the text', hash)).toBe(true);
  expect(await slowCompare('the text', hash)).toBe(true);
  expect(await slowCompare('another text', hash)).toBe(false);
});

test.each([
  ['empty', ''],
  ['of a cost that takes days', form.replace('$10$', '$31$')],
  ['of a cost that takes nothing', form.replace('$10$', '$04$')],
  ['of an older version', form.replace('$2b$', '$2a$')],
  ['a character short', form.slice(0, -1)],
  ['a character long', `${form}a`],
  ['followed by a line break', `${form}\n`],
  ['preceded by a line', `\n${form}`],
  ['of another alphabet', `${form.slice(0, -1)}é`],
])('a stored hash that is %s is a fault, and bcrypt never sees it', async (_name, hash) => {
  const compare = jest.spyOn(bcrypt, 'compare');
  await expect(slowCompare('the text', hash)).rejects.toMatchObject({ code: 'secret_unreadable' });
  expect(compare).not.toHaveBeenCalled();
});

test('two jobs run at once, hashes and comparisons alike; the others wait, comparisons first', async () => {
  const under = holdBcrypt();
  const results = [
    slowHash('1'),
    slowCompare('2', form),
    slowHash('3'),
    slowCompare('4', form),
    slowHash('5'),
  ];
  await turn();
  expect(under.map(({ text }) => text)).toEqual(['1', '2']);

  under[1]?.end();
  await turn();
  // Somebody who logs in does not wait behind those who set up.
  expect(under.map(({ text }) => text)).toEqual(['1', '2', '4']);

  under[0]?.end();
  under[2]?.end();
  await turn();
  expect(under.map(({ text }) => text)).toEqual(['1', '2', '4', '3', '5']);

  under[3]?.end();
  under[4]?.end();
  expect(await Promise.all(results)).toEqual([form, true, form, true, form]);
});

test('a job that fails gives its place back', async () => {
  const under = holdBcrypt();
  const failing = [slowHash('1'), slowHash('2')];
  const refused = Promise.all(failing.map((job) => expect(job).rejects.toThrow('no memory')));
  const next = [slowHash('3'), slowHash('4'), slowHash('5')];
  await turn();
  under[0]?.end(new Error('no memory'));
  under[1]?.end(new Error('no memory'));
  await refused;
  await turn();
  expect(under.map(({ text }) => text)).toEqual(['1', '2', '3', '4']);

  under[2]?.end();
  under[3]?.end();
  await turn();
  under[4]?.end();
  expect(await Promise.all(next)).toEqual([form, form, form]);
});

test('a newcomer does not slip in when a place is handed over', async () => {
  const under = holdBcrypt();
  const first = [slowHash('1'), slowHash('2'), slowHash('3')];
  await turn();
  under[0]?.end();
  // Before the one who waits has heard of it, and after.
  const late = slowHash('4');
  await Promise.resolve();
  const later = slowHash('5');
  await turn();
  expect(under.map(({ text }) => text)).toEqual(['1', '2', '3']);

  for (const index of [1, 2, 3, 4]) {
    under[index]?.end();
    await turn();
  }
  expect(await Promise.all([...first, late, later])).toEqual([form, form, form, form, form]);
  expect(under.map(({ text }) => text)).toEqual(['1', '2', '3', '4', '5']);
});
