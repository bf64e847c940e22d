import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createTestApp, type TestApp } from '../../app/create-test-app.ts';
import { codeAt, importUser, wrongCode } from '../../app/imported-user.ts';
import { land } from '../../app/land.ts';
import { alertOf, headingOf, type PageVisitor, signedIn } from '../../app/page-visitor.ts';

let app: TestApp;
beforeEach(async () => {
  app = await createTestApp();
});
afterEach(() => app.close());

const password = 'password of A';

/** Somebody who has just done both steps, on the security page. */
async function onSecurity(): Promise<{ ada: PageVisitor; secret: string }> {
  const { secret } = await app.enrol('A');
  app.clock.nextStep();
  const ada = await signedIn(app, 'A');
  await ada.get('/mfa/challenge');
  await ada.submit('/totp/verify', { code: codeAt(app, { secret }) });
  await ada.get('/mfa/security');
  return { ada, secret };
}

test('turning off leads back to the page, which says that it is off; the session is one with one step', async () => {
  const { ada } = await onSecurity();
  await ada.browser.post('/session', { cart: ['a book'] });
  const old = ada.browser.copy();
  const off = await ada.submit('/totp/disable', { password });
  expect([off.status, off.text, off.headers.location]).toEqual([303, '', '/mfa/security']);
  const { response } = await land(ada, off);
  expect([response.status, headingOf(response)]).toEqual([200, 'Your second step']);
  expect(response.text).toContain('The second step is off.');
  expect(response.text).not.toContain('<form');
  expect(response.text).toContain('href="/mfa/setup"');

  const { authenticators, backupCodes } = await app.state('A');
  expect([authenticators, backupCodes]).toEqual([[], []]);
  const session = await app.sessionOf(ada.browser);
  expect([session.cart, session.userId, session.mfa.amr, session.mfa.proofs]).toEqual([
    ['a book'],
    'A',
    ['pwd'],
    [],
  ]);
  // The cookie of before is of no use to whoever has it.
  expect(await app.sessionOf(old)).toBeUndefined();
  expect((await ada.get('/private')).headers.location).toBe('/mfa/setup?return_to=%2Fprivate');
});

test.each(['/totp/disable', '/totp/regenerate-backup-codes'])(
  '%s with a wrong password: the message is in that form, nothing is changed but the count of guesses',
  async (action) => {
    const { ada } = await onSecurity();
    const { budget, ...before } = await app.state('A');
    const session = await app.sessionOf(ada.browser);
    const refused = await ada.submit(action, { password: 'wrong' });
    expect([refused.status, alertOf(refused)]).toEqual([401, 'The password is missing or not right.']);
    const open = refused.text.split('<details').filter((part) => / open>/.test(part.slice(0, 40)));
    expect(open).toHaveLength(1);
    expect(open[0]).toContain(`action="/mfa${action}"`);
    expect(open[0]).toMatch(/aria-invalid="true"/);
    // What was typed is not in the page again.
    expect(refused.text).not.toContain('wrong"');
    const { budget: counted, ...after } = await app.state('A');
    expect([after, counted.failures, budget.failures]).toEqual([before, 1, 0]);
    expect(await app.sessionOf(ada.browser)).toEqual(session);
    expect(refused.headers['set-cookie']).toBeUndefined();
  },
);

test('later a code is needed as well: a wrong one changes nothing, the right one does it', async () => {
  const { ada, secret } = await onSecurity();
  app.clock.move(300_000);
  await ada.get('/mfa/security');
  const code = wrongCode(app, { secret, backupCodes: [], code: () => '' });
  const wrong = await ada.submit('/totp/regenerate-backup-codes', { password, code });
  expect([wrong.status, alertOf(wrong)]).toEqual([401, 'This code is not right, or was used already.']);
  expect((await app.state('A')).backupCodes).toHaveLength(10);
  const made = await ada.submit('/totp/regenerate-backup-codes', { password, code: codeAt(app, { secret }) });
  expect([made.status, made.text, made.headers.location]).toEqual([303, '', '/mfa/backup-codes']);
  expect((await land(ada, made)).response.text.match(/<code>/g)).toHaveLength(10);
  expect((await app.state('A')).authenticators).toHaveLength(1);
});

test('new codes made while a new authenticator is being set up leave that set-up running', async () => {
  const { backupCodes } = await app.enrol('A');
  const ada = await signedIn(app, 'A');
  await ada.get('/mfa/challenge?method=backup_code');
  await ada.submit('/totp/verify', { code: backupCodes[0] ?? '' });
  await ada.get('/mfa/setup');
  await ada.submit('/totp/enroll');
  const key = /id="mfa-secret"[^>]*>([A-Z2-7 ]+)</.exec((await ada.get('/mfa/setup')).text)?.[1];
  await ada.get('/mfa/security');
  const made = await ada.submit('/totp/regenerate-backup-codes', { password });
  expect(made.headers.location).toBe('/mfa/backup-codes');
  await land(ada, made);
  expect((await ada.submit('/backup-codes/saved', { saved: 'yes' })).status).toBe(303);
  expect(key).toHaveLength(39);
  expect((await ada.get('/mfa/setup')).text).toContain(`>${key}<`);
});

test('a new authenticator that is begun while codes wait to be saved leaves them there', async () => {
  const { backupCodes } = await app.enrol('A');
  const ada = await signedIn(app, 'A');
  await ada.get('/mfa/challenge?method=backup_code');
  await ada.submit('/totp/verify', { code: backupCodes[0] ?? '' });
  await ada.get('/mfa/security');
  const { response } = await land(ada, await ada.submit('/totp/regenerate-backup-codes', { password }));
  const made = response.text.match(/<code>[^<]+/g);
  expect(made).toHaveLength(10);
  await ada.get('/mfa/setup');
  expect((await ada.submit('/totp/enroll')).headers.location).toBe('/mfa/setup');
  expect((await ada.get('/mfa/backup-codes')).text.match(/<code>[^<]+/g)).toEqual(made);
});

test('an imported user has no codes: the page says none are left, and makes the first ones', async () => {
  const { secret } = await importUser(app, 'A');
  app.clock.nextStep();
  const ada = await signedIn(app, 'A');
  await ada.get('/mfa/challenge');
  await ada.submit('/totp/verify', { code: codeAt(app, { secret }) });
  expect((await ada.get('/mfa/security')).text).toContain('<dd>0</dd>');
  const made = await ada.submit('/totp/regenerate-backup-codes', { password });
  expect((await land(ada, made)).response.text.match(/<code>/g)).toHaveLength(10);
  expect((await app.state('A')).backupCodes).toHaveLength(10);
});
