import { expect, test } from '@jest/globals';
import { createSilence } from '../src/silence.ts';

let now = 0;
const silence = () => createSilence(() => now);

test('lasts from the first question that is owed an answer', () => {
  const shop = silence();
  expect(shop.ms).toBe(0);
  shop.ask();
  now += 300;
  shop.ask();
  now += 100;
  expect(shop.ms).toBe(400);
});

test('is broken by any answer, and then begins anew for those who wait', () => {
  const shop = silence();
  shop.ask();
  const second = shop.ask();
  now += 300;
  second(true);
  expect(shop.ms).toBe(0);
  now += 50;
  expect(shop.ms).toBe(50);
});

test('is none where all were answered', () => {
  const shop = silence();
  const only = shop.ask();
  now += 300;
  only(true);
  now += 5_000;
  expect(shop.ms).toBe(0);
});

test('goes on where those who waited gave up, until nobody has asked for two seconds', () => {
  const shop = silence();
  const only = shop.ask();
  now += 1_800;
  only(false);
  expect(shop.ms).toBe(1_800);
  now += 2_000;
  expect(shop.ms).toBe(3_800);
  now += 1;
  expect(shop.ms).toBe(0);
});
