import { expect, jest, test } from '@jest/globals';
import { askHost } from '../src/ask-host.ts';
import { createDeadline } from '../src/deadline.ts';

const failure = new Error('of the host');
const failed = { code: 'hook_failed', cause: failure };
const late = { code: 'deadline_exceeded', cause: new Error('`locale` did not answer in time.') };

test('what a hook gives is given, at once or later, be its promise of another library', async () => {
  // biome-ignore lint/suspicious/noThenProperty: that is what the test is about.
  const thenable = { then: (resolve: (value: string) => void) => resolve('later') };
  for (const ask of [() => 'now', async () => 'later', () => thenable as unknown as Promise<string>]) {
    expect(['now', 'later']).toContain(await askHost(createDeadline(), 'locale', ask));
  }
  expect(await askHost(createDeadline(), 'locale', () => undefined)).toBeUndefined();
  expect(await askHost(createDeadline(), 'locale', () => null)).toBeNull();
});

test('what it throws is its fault, at once or later', async () => {
  const throws = (): never => {
    throw failure;
  };
  await expect(askHost(createDeadline(), 'locale', throws)).rejects.toMatchObject(failed);
  await expect(askHost(createDeadline(), 'locale', async () => throws())).rejects.toMatchObject(failed);
});

test('one that is late is named, and where there is no time left none is asked', async () => {
  const deadline = createDeadline(20);
  const never = () => new Promise<string>(() => undefined);
  await expect(askHost(deadline, 'locale', never)).rejects.toMatchObject(late);
  const ask = jest.fn(() => 'now');
  await expect(askHost(deadline, 'locale', ask)).rejects.toMatchObject(late);
  expect(ask).not.toHaveBeenCalled();
});
