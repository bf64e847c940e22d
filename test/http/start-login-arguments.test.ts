import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { StartLoginOptions } from 'express-mfa';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';

/** What a host may get wrong in code: it hears of it at once, and nobody is logged in. */
let app: TestApp;
let options: () => { user: unknown; login: Record<string, unknown> };
beforeAll(async () => {
  app = await createTestApp({
    after(host, mfa) {
      host.post('/start', (req, res, next) => {
        const { user, login } = options();
        // The types refuse most of it; a host in JavaScript has none.
        mfa.startLogin(req, user as string, login as StartLoginOptions).then((done) => res.json(done), next);
      });
    },
  });
});
afterAll(() => app.close());

const cyclic: Record<string, unknown> = {};
cyclic.self = cyclic;

test.each<[string, unknown, Record<string, unknown>]>([
  ['no user id', undefined, {}],
  ['an empty user id', '', {}],
  ['an object as user id', { $gt: '' }, {}],
  ['a `via` that is empty', 'host', { via: '' }],
  ['a `via` that is no text', 'host', { via: 7 }],
  ['a `carry` above 1000 bytes', 'host', { carry: 'x'.repeat(1_000) }],
  ['a `carry` above 1000 bytes in characters of several', 'host', { carry: 'ü'.repeat(500) }],
  ['a `carry` that is no JSON', 'host', { carry: cyclic }],
])('%s is a TypeError and logs nobody in', async (_what, user, login) => {
  options = () => ({ user, login });
  const browser = app.browser();
  const response = await browser.post('/start', {});
  expect(response.body).toEqual({ error: 'TypeError' });
  expect(response.headers['set-cookie']).toBeUndefined();
  expect((await browser.get('/whoami')).body).toEqual({ userId: null });
});

test('a `carry` of 1000 bytes, and one that JSON leaves out, are taken', async () => {
  for (const carry of ['x'.repeat(998), undefined, () => undefined]) {
    options = () => ({ user: 'host', login: { carry, via: 'magic_link' } });
    expect((await app.browser().post('/start', {})).body.status).toBe('complete');
  }
});
