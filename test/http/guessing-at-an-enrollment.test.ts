import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { beginEnrollment, confirmEnrollment } from '../app/begin-enrollment.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectRefusal } from '../app/expect-refusal.ts';
import { codeAt, wrongCode } from '../app/imported-user.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

test('BF-06 in a stolen session nobody guesses the code of an enrolment that runs in it', async () => {
  const browser = await app.pending('victim');
  const enrollment = await beginEnrollment(browser);
  const thief = browser.copy();
  const wrong = wrongCode(app, { ...enrollment, code: () => '' });
  const answers = await Promise.all(Array.from({ length: 60 }, () => confirmEnrollment(thief.copy(), wrong)));
  expect(answers.filter(({ status }) => status !== 429).length).toBe(5);
  const failed = app.events.filter(({ name }) => name === 'challenge.failed');
  expect(failed).toHaveLength(5);

  // The right code is not looked at now, by nobody; after the wait it is.
  expectRefusal(await confirmEnrollment(thief, codeAt(app, enrollment)), 429, 'TOO_MANY_ATTEMPTS');
  expect((await app.mfa.service.status('victim')).enrolled).toBe(false);
  app.clock.move(30_000);
  expect((await confirmEnrollment(browser, codeAt(app, enrollment))).status).toBe(200);
  expect((await app.state('victim')).budget).toEqual({ failures: 0, waitUntil: 0 });
});
