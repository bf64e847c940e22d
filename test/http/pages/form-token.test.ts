import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createTestApp, type TestApp, testKey } from '../../app/create-test-app.ts';
import { codeAt, importUser } from '../../app/imported-user.ts';
import { alertOf, type PageVisitor, signedIn, visit } from '../../app/page-visitor.ts';

let app: TestApp;
let secret: string;
beforeEach(async () => {
  app = await createTestApp();
  ({ secret } = await importUser(app, 'A'));
  app.clock.nextStep();
});
afterEach(() => app.close());

async function challenged(): Promise<PageVisitor> {
  const visitor = await signedIn(app, 'A');
  await visitor.get('/mfa/challenge');
  return visitor;
}

/** Sends a right code with that token, and expects that nothing comes of it; then with the token that is shown. */
async function expectRefused(visitor: PageVisitor, token: string): Promise<void> {
  const before = [await app.rawState('A'), await app.sessionOf(visitor.browser)];
  const code = codeAt(app, { secret });
  const refused = await visitor.submit('/totp/verify', { form_token: token, code });
  expect([refused.status, alertOf(refused)]).toEqual([
    403,
    'This page had expired, so nothing was done. Please try again.',
  ]);
  expect(refused.headers['set-cookie']).toBeUndefined();
  expect([await app.rawState('A'), await app.sessionOf(visitor.browser)]).toEqual(before);
  expect((await visitor.submit('/totp/verify', { code })).status).toBe(303);
}

test.each(['', 'x', 'A'.repeat(43), ' ', 'null'])('CS-01 the token %j opens nothing', async (token) => {
  await expectRefused(await challenged(), token);
});

test('CS-01 nor does the token of another session, or of before the login', async () => {
  const other = await challenged();
  const { form_token: foreign = '' } = other.hidden('/totp/verify');
  const visitor = await challenged();
  expect(visitor.hidden('/totp/verify').form_token).not.toBe(foreign);
  await expectRefused(visitor, foreign);

  app.clock.nextStep(2);
  const { form_token: before = '' } = visitor.hidden('/totp/verify');
  await visitor.get('/mfa/security');
  const after = await visitor.submit('/totp/disable', { form_token: before, password: 'password of A' });
  expect(after.status).toBe(403);
  expect((await app.state('A')).authenticators).toHaveLength(1);
});

test('CS-01 a form that names it twice is not read', async () => {
  const visitor = await challenged();
  const { form_token: token = '' } = visitor.hidden('/totp/verify');
  const body = `form_token=${token}&form_token=${token}&code=${codeAt(app, { secret })}`;
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const response = await visitor.browser.post('/mfa/totp/verify', body, form);
  expect(response.status).toBe(403);
});

test('CS-01 every form asks for it', async () => {
  const visitor = await challenged();
  await visitor.submit('/totp/verify', { code: codeAt(app, { secret }) });
  const before = [await app.rawState('A'), await app.sessionOf(visitor.browser)];
  for (const path of [
    '/totp/enroll',
    '/totp/verify-enrollment',
    '/totp/verify',
    '/totp/disable',
    '/totp/regenerate-backup-codes',
    '/backup-codes/saved',
  ]) {
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const body = `code=${codeAt(app, { secret }, 1)}&password=password+of+A&saved=yes`;
    const response = await visitor.browser.post(`/mfa${path}`, body, form);
    // Who has proven a code just now is led on from the challenge, and from the set-up to what is set up.
    expect([path, [303, 403].includes(response.status)]).toEqual([path, true]);
    expect(response.headers.location).not.toBe('/mfa/backup-codes');
    expect(response.headers['set-cookie']).toBeUndefined();
  }
  expect([await app.rawState('A'), await app.sessionOf(visitor.browser)]).toEqual(before);
});

test('a page that was open while a key was added can be sent; one of a key that is gone cannot', async () => {
  const visitor = await challenged();
  const newKey = randomBytes(32).toString('base64');
  const shared = { prefix: app.prefix, clock: app.clock };
  const rotated = await createTestApp({ ...shared, mfa: { keys: [newKey, testKey] } });
  const elsewhere = visit(rotated.browser());
  elsewhere.browser.cookie = visitor.browser.cookie;
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const fields = new URLSearchParams({ ...visitor.hidden('/totp/verify'), code: '000' }).toString();
  const known = await elsewhere.browser.post('/mfa/totp/verify', fields, form);
  expect([known.status, alertOf(known)]).toEqual([400, 'A code has six digits.']);
  await rotated.close();

  const forgotten = await createTestApp({ ...shared, mfa: { keys: [newKey] } });
  const later = visit(forgotten.browser());
  later.browser.cookie = visitor.browser.cookie;
  expect((await later.browser.post('/mfa/totp/verify', fields, form)).status).toBe(403);
  await forgotten.close();
});

test('a token of one realm is none in another', async () => {
  const admins = await createTestApp({ prefix: app.prefix, clock: app.clock, mfa: { realm: 'admin' } });
  const visitor = await challenged();
  const other = visit(admins.browser());
  other.browser.cookie = visitor.browser.cookie;
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
  // Somebody who is logged in there, in the same session.
  await other.browser.post('/session', { userId: 'A' });
  await other.get('/mfa/security');
  const fields = new URLSearchParams({ ...visitor.hidden('/totp/verify'), code: '000' }).toString();
  const response = await other.browser.post('/mfa/totp/enroll', fields, form);
  expect(response.status).toBe(403);
  await admins.close();
});
