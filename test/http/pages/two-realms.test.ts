import { afterEach, beforeEach, expect, test } from '@jest/globals';
import express, { type Request } from 'express';
import { createMfaRouter, type MfaRouter, memoryMfaStore } from 'express-mfa';
import { createTestApp, type TestApp, testKey } from '../../app/create-test-app.ts';
import { codeAt, importUser } from '../../app/imported-user.ts';
import { headingOf, type PageVisitor, signedIn } from '../../app/page-visitor.ts';

/** Customers are in `userId` and under `/mfa`; staff are beside them in the same sessions. */
let app: TestApp;
let staff: MfaRouter;
const staffField = 'visits';
beforeEach(async () => {
  app = await createTestApp({
    after(host) {
      staff = createMfaRouter({
        issuer: 'Acme staff',
        keys: [testKey],
        realm: 'staff',
        path: '/staff-mfa',
        store: memoryMfaStore(),
        currentUserId: (req: Request) => req.session[staffField],
        logIn(req, userId) {
          req.session[staffField] = Number(userId);
        },
        accountName: (userId) => `${userId}@staff.example`,
        verifyPassword: () => true,
        preserveSession: ['userId'],
        now: () => app.clock.now(),
      });
      host.use('/staff-mfa', staff);
      host.post('/staff-login', express.json(), async (req, res) => {
        res.json(await staff.startLogin(req, req.body.user));
      });
    },
  });
});
afterEach(() => app.close());

const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
const tokenOn = (text: string) => /name="form_token" value="([^"]+)"/.exec(text)?.[1] ?? '';

/** Somebody who is customer A and has nothing to do with the staff. */
async function customer(): Promise<PageVisitor> {
  const { secret } = await importUser(app, 'A');
  app.clock.nextStep();
  const ada = await signedIn(app, 'A');
  await ada.get('/mfa/challenge');
  await ada.submit('/totp/verify', { code: codeAt(app, { secret }) });
  return ada;
}

test('a customer is a guest on the pages of the staff', async () => {
  const ada = await customer();
  for (const page of ['/setup', '/security', '/backup-codes', '/backup-codes.txt']) {
    const { status, headers } = await ada.get(`/staff-mfa${page}`);
    expect([status, headers.location]).toEqual([
      303,
      `/login?return_to=${encodeURIComponent(`/staff-mfa${page.replace('.txt', '')}`)}`,
    ]);
  }
  const challenge = await ada.get('/staff-mfa/challenge');
  expect([challenge.status, headingOf(challenge)]).toEqual([401, 'Please log in again']);
});

test('a pending login of the staff is none of the customers', async () => {
  await importUser({ mfa: staff, clock: app.clock }, '7');
  const visitor = await customer();
  await visitor.browser.post('/staff-login', { user: 7 }, { Accept: '*/*' });
  expect(headingOf(await visitor.get('/staff-mfa/challenge'))).toBe('Second step');
  // The new session kept who the customer is; that a second step was done went with the old one.
  expect(headingOf(await visitor.get('/mfa/challenge'))).toBe('Confirm that it is you');
  expect((await app.sessionOf(visitor.browser)).userId).toBe('A');
  expect((await visitor.get('/staff-mfa/security')).headers.location).toBe(
    '/staff-mfa/challenge?return_to=%2Fstaff-mfa%2Fsecurity',
  );
});

test('one session, both logged in: each page has its own token, and neither takes the other’s', async () => {
  const ada = await customer();
  await ada.browser.post('/session', { [staffField]: 7 });
  const ours = tokenOn((await ada.get('/mfa/security')).text);
  const theirs = tokenOn((await ada.get('/staff-mfa/setup')).text);
  expect([ours.length, theirs.length]).toEqual([43, 43]);
  expect(ours).not.toBe(theirs);
  const before = [await app.rawState('A'), await app.sessionOf(ada.browser)];
  const sent = [
    await ada.browser.post('/mfa/totp/disable', `form_token=${theirs}&password=password+of+A`, form),
    await ada.browser.post('/staff-mfa/totp/enroll', `form_token=${ours}&password=x`, form),
  ];
  expect(sent.map(({ status }) => status)).toEqual([403, 403]);
  expect([await app.rawState('A'), await app.sessionOf(ada.browser)]).toEqual(before);
  const right = await ada.browser.post('/staff-mfa/totp/enroll', `form_token=${theirs}&password=x`, form);
  expect([right.status, right.headers.location]).toEqual([303, '/staff-mfa/setup']);
});

test('a set-up of the staff is on their page, and not on the customers’', async () => {
  const visitor = await signedIn(app, 'N');
  await visitor.browser.post('/session', { [staffField]: 7 });
  const theirs = tokenOn((await visitor.get('/staff-mfa/setup')).text);
  await visitor.browser.post('/staff-mfa/totp/enroll', `form_token=${theirs}&password=x`, form);
  const own = await visitor.get('/staff-mfa/setup');
  const secret = /id="mfa-secret"[^>]*>([A-Z2-7 ]+)</.exec(own.text)?.[1] ?? '';
  expect([secret.length, own.text.includes('7@staff.example')]).toEqual([39, true]);
  const other = await visitor.get('/mfa/setup');
  expect(other.text).not.toContain(secret);
  expect(other.text).not.toContain('id="mfa-secret"');

  const body = new URLSearchParams({
    form_token: tokenOn(own.text),
    code: codeAt(app, { secret: secret.replaceAll(' ', '') }),
  });
  const done = await visitor.browser.post('/staff-mfa/totp/verify-enrollment', body.toString(), form);
  expect(done.headers.location).toBe('/staff-mfa/backup-codes');
  expect((await visitor.get('/staff-mfa/backup-codes')).text.match(/<code>/g)).toHaveLength(10);
  expect(headingOf(await visitor.get('/mfa/backup-codes'))).toBe('These codes are not shown again');
  expect(await app.rawState('N')).toBeNull();
});
