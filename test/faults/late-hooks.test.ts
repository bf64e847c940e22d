import { afterEach, expect, test } from '@jest/globals';
import type { MfaOptions } from 'express-mfa';
import type { Response } from 'supertest';
import type { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectNothingKnown } from '../app/expect-nothing-known.ts';
import { codeAt, importUser } from '../app/imported-user.ts';
import { ownTime } from '../app/own-time.ts';

let app: TestApp;
let late = false;
afterEach(() => app.close());

/** The hook as it should be, until the test lets it stand still. */
function standingStill<T extends unknown[], R>(hook: (...args: T) => R) {
  return (...args: T): R | Promise<R> => (late ? new Promise<R>(() => undefined) : hook(...args));
}

const hooks = {
  currentUserId: standingStill((req) => req.session.userId),
  accountName: standingStill((userId) => `${userId}@example.com`),
  verifyPassword: standingStill((userId, password) => password === `password of ${userId}`),
  isEnrolled: standingStill(() => false),
  locale: standingStill(() => 'de'),
  layout: standingStill((page) => page.title),
} satisfies Partial<MfaOptions>;

const page = { Accept: 'text/html' };
type Request = readonly [send: (browser: Browser) => Promise<Response>, what: string];

const requests: Readonly<Record<keyof typeof hooks, readonly Request[]>> = {
  currentUserId: [
    [(browser) => browser.get('/private'), 'a guard'],
    [(browser) => browser.get('/mfa/totp/status'), 'a route'],
    [(browser) => browser.get('/mfa/security', page), 'a page'],
  ],
  accountName: [[(browser) => browser.post('/mfa/totp/enroll', {}), 'an enrolment']],
  verifyPassword: [
    [(browser) => browser.post('/mfa/totp/enroll', { password: 'password of N' }), 'an enrolment'],
  ],
  isEnrolled: [
    [(browser) => browser.get('/lenient'), 'a guard'],
    [(browser) => browser.post('/login', { user: 'N', password: 'password of N' }), 'a first step'],
  ],
  locale: [[(browser) => browser.get('/mfa/setup', page), 'a page']],
  layout: [[(browser) => browser.get('/mfa/setup', page), 'a page']],
};

const cases = Object.entries(requests).flatMap(([hook, list]) =>
  list.map(([send, what]) => ({ hook: hook as keyof typeof hooks, what, send })),
);

async function timed(send: () => Promise<Response>): Promise<Response> {
  const begun = ownTime();
  const response = await send();
  expect(ownTime() - begun).toBeLessThan(2_300);
  return response;
}

test.each(cases)('SF-20 $hook that never answers to $what: 503 in time', async ({ hook, send }) => {
  late = false;
  app = await createTestApp({ mfa: { [hook]: hooks[hook] } });
  const browser = await app.pending('N');
  late = true;
  const response = await timed(() => send(browser));
  late = false;
  expect(response.status).toBe(503);
  expect(response.headers['set-cookie']).toBeUndefined();
  await expectNothingKnown(app, 'N');
  expect(app.errors).toMatchObject([
    { code: 'deadline_exceeded', cause: new Error(`\`${hook}\` did not answer in time.`) },
  ]);
  expect((await browser.get('/lenient')).status).toBe(200);
});

test('SF-20 verifyPassword that never answers to a change of factors: 503 in time, and nothing changes', async () => {
  late = false;
  app = await createTestApp({ mfa: { verifyPassword: hooks.verifyPassword } });
  const authenticator = await importUser(app, 'A');
  const browser = await app.full('A', authenticator);
  const state = await app.rawState('A');
  late = true;
  const body = { password: 'password of A', code: codeAt(app, authenticator, 1) };
  const responses = await Promise.all([
    timed(() => browser.copy().delete('/mfa/totp/disable', body)),
    timed(() => browser.copy().post('/mfa/totp/regenerate-backup-codes', body)),
    timed(() => browser.copy().get('/mfa/security', page)),
  ]);
  expect(responses.map(({ status }) => status)).toEqual([503, 503, 503]);
  expect(await app.rawState('A')).toBe(state);
  expect(app.errors).toHaveLength(1);
});

test('SF-20 a layout that answers after ours: what it does then does nothing', async () => {
  late = false;
  let answerLate = (): void => undefined;
  app = await createTestApp({
    mfa: {
      layout: (_page, { res }) =>
        new Promise((resolve) => {
          answerLate = () => {
            res.status(200).send('late');
            resolve('late');
          };
        }),
    },
  });
  const response = await timed(async () => (await app.pending('N')).get('/mfa/setup', page));
  expect([response.status, response.text.includes('late')]).toEqual([503, false]);
  expect(answerLate).not.toThrow();
  expect(app.errors).toHaveLength(1);
});
