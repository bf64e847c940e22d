import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestAuthenticator } from 'express-mfa/testing';
import type { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectRefusal } from '../app/expect-refusal.ts';
import { codeAt, importUser } from '../app/imported-user.ts';
import { watchAnswers } from '../app/watch-answers.ts';

let app: TestApp;
const answers = watchAnswers();
beforeAll(async () => {
  app = await createTestApp({ before: answers.watch });
});
afterEach(() => {
  answers.check();
  expect(app.errors).toEqual([]);
  app.events.length = 0;
});
afterAll(() => app.close());

/** A user from whose import so much time has passed that codes of every step around now could be accepted. */
async function user(name: string): Promise<TestAuthenticator> {
  const authenticator = await importUser(app, name);
  app.clock.nextStep(5);
  app.events.length = 0;
  return authenticator;
}

const presentStep = () => Math.floor(app.clock.now() / 30_000);
const verify = (browser: Browser, code: unknown) => browser.post('/mfa/totp/verify', { code });
const failures = () =>
  app.events.flatMap((event) => (event.name === 'challenge.failed' ? [event.reason] : []));

/** The code is refused as one that was used: not counted, nothing written, and the login stays pending. */
async function expectReplayed(name: string, code: string): Promise<void> {
  const browser = await app.pending(name);
  const state = await app.rawState(name);
  const session = await app.sessionOf(browser);
  app.events.length = 0;
  expectRefusal(await verify(browser, code), 401, 'INVALID_CODE');
  expect(failures()).toEqual(['replayed']);
  expect(await app.rawState(name)).toBe(state);
  expect(await app.sessionOf(browser)).toEqual(session);
  expectRefusal(await browser.get('/private'), 401, 'MFA_REQUIRED');
}

test('RP-01 a code that was used in one browser is refused in another', async () => {
  const authenticator = await user('A');
  const [first, second] = [await app.pending('A'), await app.pending('A')];
  const code = codeAt(app, authenticator);
  expect((await verify(first, code)).status).toBe(200);
  const state = await app.rawState('A');

  expectRefusal(await verify(second, code), 401, 'INVALID_CODE');
  expect(app.events.map(({ name }) => name)).toEqual(['challenge.succeeded', 'challenge.failed']);
  expect(app.events[1]).toMatchObject({ userId: 'A', method: 'totp', reason: 'replayed' });
  expect(await app.rawState('A')).toBe(state);
  expect(await app.state('A')).toMatchObject({
    authenticators: [{ lastStep: presentStep() }],
    budget: { failures: 0, waitUntil: 0 },
  });
  expectRefusal(await second.get('/private'), 401, 'MFA_REQUIRED');

  app.clock.nextStep();
  expect((await verify(second, codeAt(app, authenticator))).body.data.failed_attempts).toBe(0);
});

test('RP-01 however often it is tried', async () => {
  const authenticator = await user('B');
  const code = codeAt(app, authenticator);
  expect((await verify(await app.pending('B'), code)).status).toBe(200);
  for (let attempt = 0; attempt < 8; attempt++) await expectReplayed('B', code);
});

test('RP-02 a used code is refused in the next step too, while the window still reaches back to it', async () => {
  const authenticator = await user('C');
  const code = codeAt(app, authenticator);
  expect((await verify(await app.pending('C'), code)).status).toBe(200);
  app.clock.nextStep();
  expect(codeAt(app, authenticator, -1)).toBe(code);
  await expectReplayed('C', code);
});

test('RP-05 after the code of a phone that is ahead, no older one is accepted', async () => {
  const authenticator = await user('D');
  const [earlier, present, ahead] = [-1, 0, 1].map((steps) => codeAt(app, authenticator, steps));
  expect((await verify(await app.pending('D'), ahead)).status).toBe(200);
  expect((await app.state('D')).authenticators[0].lastStep).toBe(presentStep() + 1);
  await expectReplayed('D', String(present));
  await expectReplayed('D', String(earlier));
  app.clock.nextStep();
  await expectReplayed('D', String(ahead));
  await expectReplayed('D', String(present));
  app.clock.nextStep();
  await expectReplayed('D', String(ahead));
  expect((await verify(await app.pending('D'), codeAt(app, authenticator))).status).toBe(200);
});

describe('RP-06 the window', () => {
  // Ten seconds into a step, in its first and in its last millisecond.
  const moments = { middle: 0, first: -10_000, last: 19_999 };
  const steps = [-2, -1, 0, 1, 2];
  const cases = Object.keys(moments).flatMap((moment) => steps.map((step) => [step, moment] as const));

  test.each(cases)('RP-06 the code of step %i, at the %s moment of a step', async (step, moment) => {
    const name = `window ${step} ${moment}`;
    const authenticator = await user(name);
    const browser = await app.pending(name);
    const shift = moments[moment as keyof typeof moments];
    app.clock.move(shift);
    const response = await verify(browser, codeAt(app, authenticator, step));
    const accepted = Math.abs(step) <= 1;
    if (accepted) expect(response.status).toBe(200);
    else expectRefusal(response, 401, 'INVALID_CODE');
    expect(failures()).toEqual(accepted ? [] : ['wrong']);
    expect((await app.state(name)).budget.failures).toBe(accepted ? 0 : 1);
    if (accepted) expect((await app.state(name)).authenticators[0].lastStep).toBe(presentStep() + step);
    app.clock.move(-shift);
  });
});

test('RP-07 the code that confirmed an enrolment logs nobody in', async () => {
  const browser = await app.pending('E');
  const { secret } = (await browser.post('/mfa/totp/enroll', {})).body.data;
  const authenticator = { secret, backupCodes: [], code: () => '' };
  // The clock of the phone is a step ahead.
  const [present, used] = [codeAt(app, authenticator), codeAt(app, authenticator, 1)];
  expect((await browser.post('/mfa/totp/verify-enrollment', { code: used })).status).toBe(200);
  expect((await browser.get('/private')).status).toBe(200);
  expectRefusal(await verify(browser, used), 401, 'INVALID_CODE');

  await browser.post('/log-out', {});
  await expectReplayed('E', used);
  await expectReplayed('E', present);
  app.clock.nextStep();
  await expectReplayed('E', used);
  app.clock.nextStep();
  expect((await verify(await app.pending('E'), codeAt(app, authenticator))).status).toBe(200);
});
