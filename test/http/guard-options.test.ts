import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RequestHandler } from 'express';
import type { GuardOptions } from 'express-mfa';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({
    after(host, mfa) {
      // What a host in JavaScript may write: the guard itself, not called.
      host.get('/uncalled', mfa.requireMfa as unknown as RequestHandler, (_req, res) => {
        res.json({ reached: true });
      });
    },
  });
});
afterAll(() => app.close());

test.each<[string, unknown]>([
  ['a misspelt name', { maxage: 300_000 }],
  ['another spelling', { max_age: 300_000 }],
  ['a number', 300_000],
  ['text', '5m'],
  ['null', null],
  ['a list', []],
  ['text in `maxAge`', { maxAge: '300000' }],
  ['less than a code is valid for', { maxAge: 29_999 }],
  ['null in `unenrolled`', { unenrolled: null }],
])('%s is refused when the guard is made, and never weakens it', async (_what, options) => {
  const { requireMfa, check } = app.mfa;
  expect(() => requireMfa(options as GuardOptions)).toThrow(expect.objectContaining({ code: 'mfa_config' }));
  const request = {} as Parameters<typeof check>[0];
  await expect(check(request, options as GuardOptions)).rejects.toMatchObject({ code: 'mfa_config' });
});

test('the shortest time that a guard may ask for is that of a code', () => {
  expect(() => app.mfa.requireMfa({ maxAge: 30_000 })).not.toThrow();
});

test('a guard that was not called lets nobody through, and does not hang', async () => {
  const response = await app.browser().get('/uncalled');
  expect([response.status, response.body]).toEqual([500, { error: 'MfaConfigError', code: 'mfa_config' }]);
});
