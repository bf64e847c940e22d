import { expect, test } from '@jest/globals';
import { checkClock } from '../../src/cli/doctor/check-clock.ts';

const now = Date.UTC(2031, 4, 6, 7, 8, 9);

/** Two clocks that go on by 500 ms meanwhile, and one of them by a jump. */
async function check({ at = now, jump = 0 }: { at?: number; jump?: number }) {
  let [wall, steady] = [at, 100];
  const clocks = { wall: () => wall, steady: () => steady };
  const findings = await checkClock(clocks, async () => {
    wall += 500 + jump;
    steady += 500;
  });
  expect(findings).toHaveLength(1);
  return findings[0];
}

test('a clock that runs on is fine, and it is said what is not known of it', async () => {
  const finding = await check({});
  expect(finding).toMatchObject({ mark: 'ok', about: 'clock' });
  expect(finding?.sentence).toMatch(/^It shows 2031-05-06T07:08:09\.500Z .* is not known here/);
});

test.each([1_001, -5_000])('a clock that jumps by %d ms is stepped by somebody', async (jump) => {
  const finding = await check({ jump });
  expect(finding?.mark).toBe('warning');
  expect(finding?.sentence).toContain(`it jumped by ${jump} ms`);
});

test('a clock that shows a time before this was written is wrong', async () => {
  const finding = await check({ at: Date.UTC(2001, 0, 1) });
  expect(finding?.mark).toBe('error');
  expect(finding?.sentence).toMatch(/^Set the clock: it shows 2001-01-01/);
});
