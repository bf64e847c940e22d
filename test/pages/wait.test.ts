import { expect, test } from '@jest/globals';
import { en } from '../../src/pages/messages/en.ts';
import { waitSentence } from '../../src/pages/wait.ts';
import { elementsOf, readHtml, textOf } from './read-html.ts';

const messages = { ...en, tooManyAttempts: 'Wait {when}.', waitOver: 'It is over.' };
const english = { messages, locale: 'en' };

test.each([
  [0, 'in 0 seconds'],
  [1, 'in 1 second'],
  [30, 'in 30 seconds'],
  [119, 'in 119 seconds'],
  [120, 'in 2 minutes'],
  [121, 'in 3 minutes'],
  [180, 'in 3 minutes'],
  [3_601, 'in 61 minutes'],
])('A wait of %d seconds is over %s: rounded up, so that nobody comes too early', (seconds, when) => {
  expect(textOf(readHtml(String(waitSentence(english, seconds))))).toBe(`Wait ${when}.`);
});

test('The script is told how long it is, and what to say when it is over; nobody hears every second', () => {
  const [timer, ...more] = elementsOf(readHtml(String(waitSentence(english, 90))));
  expect(more).toEqual([]);
  expect(Object.fromEntries(timer?.attributes ?? [])).toEqual({
    role: 'timer',
    'aria-live': 'off',
    'data-mfa-wait': '90',
    'data-mfa-over': 'It is over.',
  });
  expect(timer && textOf(timer)).toBe('in 90 seconds');
});

test('The wait is in the words of the language', () => {
  expect(textOf(readHtml(String(waitSentence({ messages, locale: 'de' }, 30))))).toBe('Wait in 30 Sekunden.');
});

test('What the sentence says around the wait is escaped', () => {
  const hostile = { ...en, tooManyAttempts: '<b>{when}</b>', waitOver: '"><b>' };
  const read = readHtml(String(waitSentence({ messages: hostile, locale: 'en' }, 5)));
  expect(elementsOf(read).map(({ name }) => name)).toEqual(['span']);
  expect(textOf(read)).toBe('<b>in 5 seconds</b>');
});
