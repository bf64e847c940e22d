import { expect, test } from '@jest/globals';
import * as main from 'express-mfa';
import * as testing from 'express-mfa/testing';

test('what the package exports is a promise: nothing more, nothing less', () => {
  expect(Object.entries(main).map(([name, value]) => [name, typeof value])).toEqual([
    ['MfaConfigError', 'function'],
    ['MfaError', 'function'],
    ['createMfaRouter', 'function'],
    ['html', 'function'],
    ['memoryMfaStore', 'function'],
    ['problemText', 'function'],
    ['redisMfaStore', 'function'],
  ]);
  expect(Object.keys(testing).sort()).toEqual(['enrol', 'testMfaStore']);
});
