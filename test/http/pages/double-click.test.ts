import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Response } from 'supertest';
import { createTestApp, type TestApp } from '../../app/create-test-app.ts';
import { codeAt, importUser } from '../../app/imported-user.ts';
import { land } from '../../app/land.ts';
import { headingOf, type PageVisitor, signedIn } from '../../app/page-visitor.ts';

let app: TestApp;
beforeEach(async () => {
  app = await createTestApp();
});
afterEach(() => app.close());

const form = { 'Content-Type': 'application/x-www-form-urlencoded' };

/** Two clicks on the button of one form, at the same time and with the same cookie. */
async function clickTwice(visitor: PageVisitor, action: string, fields: Record<string, string>) {
  const body = new URLSearchParams({ ...visitor.hidden(action), ...fields }).toString();
  const tabs = [visitor.browser.copy(), visitor.browser.copy()];
  const answers = await Promise.all(tabs.map((tab) => tab.post(`/mfa${action}`, body, form)));
  return answers.map((answer, index) => ({ answer, tab: tabs[index] ?? visitor.browser }));
}

const setsCookie = ({ headers }: Response) => headers['set-cookie'] !== undefined;

test('SU-17 two clicks on a challenge: the loser sets no cookie, is led on, and lands where the winner does', async () => {
  const authenticator = await importUser(app, 'A');
  app.clock.nextStep();
  const ada = await signedIn(app, 'A');
  await ada.get('/mfa/challenge?return_to=%2Fwhoami');
  const clicks = await clickTwice(ada, '/totp/verify', { code: codeAt(app, authenticator) });

  const winner = clicks.find(({ answer }) => setsCookie(answer));
  const loser = clicks.find(({ answer }) => !setsCookie(answer));
  expect([winner?.answer.status, winner?.answer.headers.location]).toEqual([303, '/whoami']);
  expect([loser?.answer.status, loser?.answer.headers.location]).toEqual([
    303,
    '/mfa/challenge?return_to=%2Fwhoami',
  ]);
  expect(app.events.filter(({ name }) => name === 'challenge.succeeded')).toHaveLength(1);
  expect((await app.state('A')).budget.failures).toBe(0);

  // A browser goes on with the answer to its last click, and with the cookie that the winner has set.
  ada.browser.cookie = winner?.tab.cookie ?? '';
  if (!loser) throw new Error('Both clicks have won.');
  const { path, response } = await land(ada, loser.answer);
  expect([path, response.body]).toEqual(['/whoami', { userId: 'A' }]);
});

test('a challenge that was left open beyond the login’s ten minutes: log in again, and the code is still good', async () => {
  const authenticator = await importUser(app, 'A');
  const ada = await signedIn(app, 'A');
  await ada.get('/mfa/challenge?return_to=%2Fwhoami');
  const before = await app.rawState('A');
  app.clock.move(600_001);
  const code = codeAt(app, authenticator);
  const sent = await ada.submit('/totp/verify', { code });
  expect(setsCookie(sent)).toBe(false);
  const { path, response } = await land(ada, sent);
  expect([path, response.status, headingOf(response)]).toEqual([
    '/mfa/challenge?return_to=%2Fwhoami',
    401,
    'Please log in again',
  ]);
  expect(await app.rawState('A')).toBe(before);
  expect((await app.mfa.service.verify('A', { code })).ok).toBe(true);
});

test('two clicks on "Turn on": one set-up, and the codes are on the page behind the winner', async () => {
  const nell = await signedIn(app, 'N');
  await nell.get('/mfa/setup');
  await nell.submit('/totp/enroll');
  const { text } = await nell.get('/mfa/setup');
  const secret = /id="mfa-secret"[^>]*>([A-Z2-7 ]+)</.exec(text)?.[1]?.replaceAll(' ', '') ?? '';
  const clicks = await clickTwice(nell, '/totp/verify-enrollment', { code: codeAt(app, { secret }) });
  const winners = clicks.filter(({ answer }) => answer.headers.location === '/mfa/backup-codes');
  expect(winners).toHaveLength(1);
  expect(app.events.filter(({ name }) => name === 'enrollment.confirmed')).toHaveLength(1);
  expect(clicks.filter(({ answer }) => setsCookie(answer))).toHaveLength(1);
  expect((await app.state('N')).backupCodes).toHaveLength(10);
  nell.browser.cookie = winners[0]?.tab.cookie ?? '';
  expect((await nell.get('/mfa/backup-codes')).text.match(/<code>/g)).toHaveLength(10);
});

test('two clicks on "Begin": one of the two set-ups is on the page, and its code is taken', async () => {
  const nell = await signedIn(app, 'N');
  await nell.get('/mfa/setup');
  const clicks = await clickTwice(nell, '/totp/enroll', {});
  expect(clicks.map(({ answer }) => answer.headers.location)).toEqual(['/mfa/setup', '/mfa/setup']);
  const { text } = await nell.get('/mfa/setup');
  const secret = /id="mfa-secret"[^>]*>([A-Z2-7 ]+)</.exec(text)?.[1]?.replaceAll(' ', '') ?? '';
  const done = await nell.submit('/totp/verify-enrollment', { code: codeAt(app, { secret }) });
  expect([done.status, done.headers.location]).toEqual([303, '/mfa/backup-codes']);
});
