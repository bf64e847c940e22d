import { expect, test } from '@jest/globals';
import { totp } from '../../src/account/totp.ts';

test.each([
  ['012345', '012345'],
  ['012 345', '012345'],
  ['0 1 2 3 4 5', '012345'],
  ['01 23 45', '012345'],
])('%p is the code %p', (input, code) => {
  expect(totp.read(input)).toBe(code);
});

test.each([
  [''],
  ['12345'],
  ['1234567'],
  ['12345x'],
  [' 123456'],
  ['123456 '],
  ['123  456'],
  ['+123456'],
  ['-12345'],
  ['1e5000'],
  ['123.456'],
  ['123-456'],
  ['123\t456'],
  ['123456\n'],
  ['123456\u0000'],
  ['\u200b123456'],
  ['\u202e123456'],
  ['\uff11\uff12\uff13\uff14\uff15\uff16'],
  ['\u0661\u0662\u0663\u0664\u0665\u0666'],
  ['123\u00a0456'],
])('%j is no code', (input) => {
  expect(totp.read(input)).toBeUndefined();
});
