import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Response } from 'supertest';
import { createTestApp, type TestApp } from '../../app/create-test-app.ts';
import { codeAt, importUser } from '../../app/imported-user.ts';
import { type PageVisitor, signedIn, visit } from '../../app/page-visitor.ts';

let app: TestApp;
beforeEach(async () => {
  app = await createTestApp();
});
afterEach(() => app.close());

const codesOn = ({ text }: Response) => text.match(/\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}\b/g) ?? [];
const formType = { 'Content-Type': 'application/x-www-form-urlencoded' };

/** Somebody who did both steps and has just made new codes, which wait to be saved. */
async function withNewCodes(): Promise<PageVisitor> {
  const { secret } = await importUser(app, 'A');
  app.clock.nextStep();
  const ada = await signedIn(app, 'A');
  await ada.get('/mfa/challenge');
  await ada.submit('/totp/verify', { code: codeAt(app, { secret }) });
  await ada.get('/mfa/security');
  await ada.submit('/totp/regenerate-backup-codes', { password: 'password of A' });
  expect(codesOn(await ada.get('/mfa/backup-codes'))).toHaveLength(10);
  return ada;
}

describe('codes that wait to be saved are shown no more', () => {
  test.each<[string, (visitor: PageVisitor) => Promise<unknown>]>([
    ['all sessions were ended', () => app.mfa.service.endSessions('A')],
    ['an admin reset the account', () => app.mfa.service.reset('A')],
    ['the second step was turned off elsewhere', () => app.mfa.service.disable('A')],
    [
      'others were made elsewhere',
      async () => {
        app.clock.move(61_000);
        expect(await app.mfa.service.regenerateBackupCodes('A')).toMatchObject({ ok: true });
      },
    ],
    [
      'others were made in this session, and told as JSON',
      async (visitor) => {
        app.clock.move(61_000);
        const made = await visitor.browser.post(
          '/mfa/totp/regenerate-backup-codes',
          { password: 'password of A' },
          { Accept: 'application/json' },
        );
        expect(made.body.data.backup_codes).toHaveLength(10);
      },
    ],
  ])('once %s', async (_, end) => {
    const ada = await withNewCodes();
    await end(ada);
    expect(codesOn(await ada.get('/mfa/backup-codes'))).toEqual([]);
    expect(codesOn(await ada.get('/mfa/backup-codes.txt'))).toEqual([]);
  });

  test('and are shown as before while nothing of that has happened, also after one was used', async () => {
    const ada = await withNewCodes();
    const codes = codesOn(await ada.get('/mfa/backup-codes'));
    await app.mfa.service.verify('A', { code: codes[0] ?? '' });
    expect(codesOn(await ada.get('/mfa/backup-codes'))).toEqual(codes);
  });
});

test('a log-out while new codes are being made stays one: no session comes back, and no codes are in it', async () => {
  const { secret } = await importUser(app, 'A');
  app.clock.nextStep();
  const ada = await signedIn(app, 'A');
  await ada.get('/mfa/challenge');
  await ada.submit('/totp/verify', { code: codeAt(app, { secret }) });
  await ada.get('/mfa/security');
  const fields = { ...ada.hidden('/totp/regenerate-backup-codes'), password: 'password of A' };
  const [thief, tab] = [ada.browser.copy(), ada.browser.copy()];

  let loggedOut: Promise<unknown> | undefined;
  const put = app.store.put.bind(app.store);
  app.store.put = async (...write) => {
    loggedOut ??= ada.browser.post('/log-out', {});
    await loggedOut;
    return put(...write);
  };
  const answer = await tab.post(
    '/mfa/totp/regenerate-backup-codes',
    new URLSearchParams(fields).toString(),
    formType,
  );
  expect(answer.status).toBe(401);
  expect(codesOn(answer)).toEqual([]);
  expect(answer.headers['set-cookie']).toBeUndefined();
  expect((await thief.get('/whoami')).body.userId ?? null).toBeNull();
  expect((await thief.get('/private')).headers.location).toMatch(/^\/login/);
  expect(codesOn(await visit(thief).get('/mfa/backup-codes'))).toEqual([]);
  expect(await app.sessionOf(thief)).toBeUndefined();
});

test.each(['/日本', '/a?q=✓', '/x\u2028y', '/／evil.example', '/café'])(
  'IC-13 a place to return to that is not ASCII is one all the same: %j',
  async (path) => {
    const { secret } = await importUser(app, 'A');
    app.clock.nextStep();
    const ada = await signedIn(app, 'A');
    await ada.get(`/mfa/challenge?return_to=${encodeURIComponent(path)}`);
    const done = await ada.submit('/totp/verify', { code: codeAt(app, { secret }) });
    expect(done.status).toBe(303);
    const location = String(done.headers.location);
    expect(location).toMatch(/^\/[!-~]*$/);
    expect(decodeURIComponent(location)).toBe(path);
    expect(new URL(location, app.url).origin).toBe(new URL(app.url).origin);
    expect(app.errors).toEqual([]);
  },
);

test('IC-13 a long place to return to is carried only where its form can be read', async () => {
  const { secret } = await importUser(app, 'A');
  app.clock.nextStep();
  const ada = await signedIn(app, 'A');
  await ada.get(`/mfa/challenge?return_to=/${'~'.repeat(990)}`);
  const done = await ada.submit('/totp/verify', { code: codeAt(app, { secret }) });
  expect([done.status, done.headers.location]).toEqual([303, '/']);
});

test('codes of a set-up that a form began are told by the page, also where a script confirmed it', async () => {
  const visitor = await signedIn(app, 'N');
  await visitor.get('/mfa/setup');
  await visitor.submit('/totp/enroll');
  const { text } = await visitor.get('/mfa/setup');
  const secret = /id="mfa-secret"[^>]*>([A-Z2-7 ]+)</.exec(text)?.[1]?.replaceAll(' ', '') ?? '';
  const done = await visitor.browser.post(
    '/mfa/totp/verify-enrollment',
    { code: codeAt(app, { secret }) },
    { Accept: '*/*' },
  );
  expect(done.body.data).toEqual({ totp_enabled: true });
  const codes = codesOn(await visitor.get('/mfa/backup-codes'));
  expect(codes).toHaveLength(10);
  expect(await app.mfa.service.verify('N', { code: codes[0] ?? '' })).toMatchObject({ ok: true });
});
