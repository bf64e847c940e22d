import { afterEach, expect, test } from '@jest/globals';
import type { OnDenied } from 'express-mfa';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { ownTime } from '../app/own-time.ts';

let app: TestApp;
afterEach(() => app.close());

const never = new Promise<never>(() => undefined);

test.each<[string, OnDenied]>([
  ['gives a promise that never settles', () => never],
  ['gives nothing and answers nothing', () => undefined],
])('SF-20 an `onDenied` that %s: 503 in time, and what it does later does nothing', async (_name, hook) => {
  let goOn = (): void => undefined;
  app = await createTestApp({
    mfa: {
      onDenied(denial, req, res, next) {
        goOn = () => {
          next();
          res.status(200).json({ late: true });
        };
        return hook(denial, req, res, next);
      },
    },
  });
  const begun = ownTime();
  const response = await app.browser().get('/private');
  expect(ownTime() - begun).toBeLessThan(2_300);
  expect([response.status, response.body.error_type]).toEqual([503, 'UNAVAILABLE']);
  expect(goOn).not.toThrow();
  await new Promise((resolve) => setImmediate(resolve));
  expect(app.reached()).toBe(0);
});

test('an `onDenied` that answers a moment later, or answers and then stands still, is the answer', async () => {
  let answer: OnDenied = () => undefined;
  app = await createTestApp({ mfa: { onDenied: (...denied) => answer(...denied) } });
  answer = (denial, _req, res) => void setTimeout(() => res.status(denial.status).json({ own: 'later' }), 20);
  expect((await app.browser().get('/private')).body).toEqual({ own: 'later' });
  answer = async (denial, _req, res) => {
    res.status(denial.status).json({ own: 'at once' });
    await never;
  };
  expect((await app.browser().get('/private')).body).toEqual({ own: 'at once' });
  expect(app.errors).toEqual([]);
});

test('an `onDenied` may pass the request on, to an error handler or to what is guarded', async () => {
  let answer: OnDenied = () => undefined;
  app = await createTestApp({ mfa: { onDenied: (...denied) => answer(...denied) } });
  answer = (_denial, _req, _res, next) => void setTimeout(() => next(new Error('no')), 20);
  expect((await app.browser().get('/private')).body).toEqual({ error: 'Error' });
  expect(app.reached()).toBe(0);
  answer = (_denial, _req, _res, next) => next();
  expect((await app.browser().get('/private')).body).toEqual({ reached: true, userId: null });
});

test.each([undefined, null, '', 0, false, 'route', 'router'])(
  'an `onDenied` that rejects with %p has failed: nothing passes',
  async (reason) => {
    app = await createTestApp({ mfa: { onDenied: () => Promise.reject(reason) } });
    const response = await app.browser().get('/private');
    expect(response.status).toBe(500);
    expect(app.reached()).toBe(0);
  },
);
