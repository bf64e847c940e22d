import { expect, test } from '@jest/globals';
import { createProgressBar } from '../../src/cli/progress-bar.ts';

/** A bar whose clock goes on by so many ms between two looks at it. */
function draw(isTTY: boolean, pace = 100) {
  const written: string[] = [];
  let time = 0;
  const clock = () => {
    time += pace;
    return time;
  };
  const bar = createProgressBar({ isTTY, write: (text) => written.push(text) }, 'Working', clock);
  return { bar, written };
}

test('on a terminal it is one line that is drawn anew where it changes', () => {
  const { bar, written } = draw(true);
  bar.update(0, 4, '0 of 4');
  bar.update(1, 4, '1 of 4, a long note');
  bar.update(1, 4, '1 of 4, a long note');
  bar.update(4, 4);
  bar.end();
  expect(written).toEqual([
    '\rWorking [------------------------] 0 % 0 of 4',
    '\rWorking [######------------------] 25 % 1 of 4, a long note',
    `\r${'Working [########################] 100 %'.padEnd(59)}`,
    '\n',
  ]);
});

test('on a terminal it is drawn ten times a second, and at the end as it then is', () => {
  const { bar, written } = draw(true, 1);
  for (let done = 0; done <= 1_000; done++) bar.update(done, 1_000, `${done} done`);
  bar.end();
  bar.end();
  expect(written.length).toBeLessThan(15);
  expect(written.slice(-2)).toEqual([expect.stringMatching(/100 % 1000 done *$/), '\n']);
});

test('it never goes back, in whatever order things end', () => {
  const { bar, written } = draw(false);
  for (const done of [3, 1, 2, 4]) bar.update(done, 4);
  expect(written).toEqual(['Working 75 %\n', 'Working 100 %\n']);
});

test('on a terminal a text between takes the place of the line, which is drawn again below it', () => {
  const { bar, written } = draw(true);
  bar.interrupt('before\n');
  bar.update(1, 2);
  bar.interrupt('between\n');
  bar.update(1, 2);
  bar.end();
  const line = 'Working [############------------] 50 %';
  expect(written).toEqual([
    'before\n',
    `\r${line}`,
    `\r${' '.repeat(line.length)}\r`,
    'between\n',
    `\r${line}`,
    '\n',
  ]);
});

test('elsewhere it is a line every ten percent', () => {
  const { bar, written } = draw(false);
  for (let done = 0; done <= 1_000; done++) bar.update(done, 1_000, `${done} done`);
  bar.interrupt('a text\n');
  bar.end();
  expect(written).toHaveLength(11);
  expect(written[0]).toBe('Working 10 % 100 done\n');
  expect(written.slice(-2)).toEqual(['Working 100 % 1000 done\n', 'a text\n']);
});

test('nothing to do is done', () => {
  const { bar, written } = draw(false);
  bar.update(0, 0);
  expect(written).toEqual(['Working 100 %\n']);
});
