import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import type { Response } from 'supertest';
import { beginEnrollment, confirmEnrollment } from '../app/begin-enrollment.ts';
import type { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { importUser } from '../app/imported-user.ts';

/** What a flow was about to do when the store failed it, by the event that tells of it. */
let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterEach(() => void jest.restoreAllMocks());
afterAll(() => app.close());

const html = { Accept: 'text/html' };
const neverRight = '0000-0000-0000-0000';

interface Visitor {
  readonly user: string;
  readonly browser: Browser;
}

/** The labels that are told while the first read fails, then the second, and so on until none is left to fail. */
async function intendedBy(send: () => Promise<Response>): Promise<string[]> {
  const get = app.store.get.bind(app.store);
  const labels: string[] = [];
  for (let reads = 0; ; reads++) {
    app.events.splice(0);
    let left = reads;
    jest.spyOn(app.store, 'get').mockImplementation((userId) => {
      return left-- > 0 ? get(userId) : Promise.reject(new Error('down'));
    });
    const { status } = await send();
    const told = app.events.flatMap((event) => (event.name === 'store.unavailable' ? [event.intended] : []));
    if (told.length === 0) return labels;
    expect(status).toBe(503);
    labels.push(...told);
  }
}

const enrolled = async (user: string): Promise<Visitor> => {
  const browser = await app.full(user, await importUser(app, user));
  app.clock.nextStep(2);
  return { user, browser };
};
const pending = async (user: string): Promise<Visitor> => {
  await importUser(app, user);
  return { user, browser: await app.pending(user) };
};
const withoutFactor = async (user: string): Promise<Visitor> => ({ user, browser: await app.pending(user) });
const enrolling = async (user: string): Promise<Visitor> => {
  const visitor = await withoutFactor(user);
  await beginEnrollment(visitor.browser);
  return visitor;
};

type Case = [string, (user: string) => Promise<Visitor>, (visitor: Visitor) => Promise<Response>, string[]];
const change = ({ user }: Visitor) => ({ code: neverRight, password: `password of ${user}` });

test.each<Case>([
  [
    'a first step',
    withoutFactor,
    ({ browser, user }) => browser.post('/login', { user, password: `password of ${user}` }),
    ['start login'],
  ],
  [
    'a second step',
    pending,
    ({ browser }) => browser.post('/mfa/totp/verify', { code: neverRight }),
    ['complete login'],
  ],
  [
    'a step-up',
    enrolled,
    ({ browser }) => browser.post('/mfa/totp/verify', { code: neverRight }),
    ['step up'],
  ],
  ['a guard', enrolled, ({ browser }) => browser.get('/private'), ['guard']],
  ['a guard before the second step', pending, ({ browser }) => browser.get('/private'), ['guard']],
  ['a question for the status', enrolled, ({ browser }) => browser.get('/mfa/totp/status'), ['status']],
  [
    'an enrolment that begins',
    withoutFactor,
    ({ browser, user }) => browser.post('/mfa/totp/enroll', { password: `password of ${user}` }),
    ['start enrollment', 'check password', 'check password', 'start enrollment'],
  ],
  ['its first code', enrolling, ({ browser }) => confirmEnrollment(browser, '000000'), ['finish enrollment']],
  [
    'disabling',
    enrolled,
    (visitor) => visitor.browser.delete('/mfa/totp/disable', change(visitor)),
    ['change factors', 'check password', 'check password', 'disable'],
  ],
  [
    'new backup codes',
    enrolled,
    (visitor) => visitor.browser.post('/mfa/totp/regenerate-backup-codes', change(visitor)),
    ['change factors', 'check password', 'check password', 'regenerate backup codes'],
  ],
  [
    'a log-out everywhere',
    enrolled,
    ({ browser }) => browser.post('/log-out', { everywhere: true }),
    ['log out everywhere'],
  ],
  ['the challenge', pending, ({ browser }) => browser.get('/mfa/challenge', html), ['challenge page']],
  [
    'the challenge of a step-up',
    enrolled,
    ({ browser }) => browser.get('/mfa/challenge', html),
    ['challenge page'],
  ],
  ['the set-up page', withoutFactor, ({ browser }) => browser.get('/mfa/setup', html), ['set-up page']],
  ['the security page', enrolled, ({ browser }) => browser.get('/mfa/security', html), ['security page']],
])('%s says what was intended', async (name, visitorOf, send, labels) => {
  const visitor = await visitorOf(name);
  expect(await intendedBy(() => send(visitor))).toEqual(labels);
});
