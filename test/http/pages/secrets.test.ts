import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Response } from 'supertest';
import { createTestApp, type TestApp } from '../../app/create-test-app.ts';
import { codeAt } from '../../app/imported-user.ts';
import { headingOf, type PageVisitor, signedIn, visit } from '../../app/page-visitor.ts';

let app: TestApp;
beforeEach(async () => {
  app = await createTestApp();
});
afterEach(() => app.close());

function keyOn({ text }: Response): string {
  return /id="mfa-secret"[^>]*>([A-Z2-7 ]+)</.exec(text)?.[1]?.replaceAll(' ', '') ?? '';
}
const codesOn = ({ text }: Response) => text.match(/[0-9A-Z]{4}(-[0-9A-Z]{4}){3}/g) ?? [];

/** Somebody on the page with the backup codes. */
async function withCodes(user = 'N'): Promise<{ visitor: PageVisitor; key: string; codes: string[] }> {
  const visitor = await signedIn(app, user);
  await visitor.get('/mfa/setup');
  await visitor.submit('/totp/enroll');
  const key = keyOn(await visitor.get('/mfa/setup'));
  await visitor.submit('/totp/verify-enrollment', { code: codeAt(app, { secret: key }) });
  const codes = codesOn(await visitor.get('/mfa/backup-codes'));
  expect([key.length, codes.length]).toEqual([32, 10]);
  return { visitor, key, codes };
}

test('IL-03 the key is on the set-up page of this session until the first code, and nowhere else', async () => {
  const visitor = await signedIn(app, 'N');
  await visitor.get('/mfa/setup');
  const begun = await visitor.submit('/totp/enroll');
  expect([begun.status, begun.text, begun.headers.location]).toEqual([303, '', '/mfa/setup']);
  const page = await visitor.get('/mfa/setup');
  const key = keyOn(page);
  expect(key).toHaveLength(32);
  expect(codesOn(page)).toEqual([]);
  expect(JSON.stringify([begun.headers, page.headers, await app.sessionOf(visitor.browser)])).not.toContain(
    key,
  );

  const elsewhere = await signedIn(app, 'N');
  for (const path of ['/setup', '/security', '/backup-codes', '/backup-codes.txt']) {
    expect((await elsewhere.get(`/mfa${path}`)).text).not.toContain(`${key.slice(0, 4)} ${key.slice(4, 8)}`);
    // Nor does a program get it.
    const { text } = await visitor.browser.get(`/mfa${path}`, { Accept: 'application/json' });
    expect(text).not.toContain(key);
  }
  const confirmed = await visitor.submit('/totp/verify-enrollment', { code: codeAt(app, { secret: key }) });
  expect(confirmed.text).toBe('');
  expect((await visitor.get('/mfa/setup')).headers.location).toBe('/mfa/security');
});

test('IL-03 an enrolment that has ended is not shown: too old, another user, another security change', async () => {
  const visitor = await signedIn(app, 'N');
  await visitor.get('/mfa/setup');
  await visitor.submit('/totp/enroll');
  const key = keyOn(await visitor.get('/mfa/setup'));
  app.clock.move(600_000);
  const tooLate = await visitor.submit('/totp/verify-enrollment', { code: codeAt(app, { secret: key }) });
  expect([tooLate.status, keyOn(tooLate), headingOf(tooLate)]).toEqual([409, '', 'Set up the second step']);
  expect(tooLate.text).toContain('This set-up has ended.');

  const other = await signedIn(app, 'M');
  await other.get('/mfa/setup');
  await other.submit('/totp/enroll');
  await other.browser.post('/session', { userId: 'O' });
  expect(keyOn(await other.get('/mfa/setup'))).toBe('');

  const ended = await signedIn(app, 'P');
  await ended.get('/mfa/setup');
  await ended.submit('/totp/enroll');
  await app.mfa.service.endSessions('P');
  expect(keyOn(await ended.get('/mfa/setup'))).toBe('');
});

test('IL-03 backup codes are shown until the box is ticked, also as a file, and never again', async () => {
  const { visitor, codes } = await withCodes();
  expect(codesOn(await visitor.get('/mfa/backup-codes'))).toEqual(codes);
  const file = await visitor.get('/mfa/backup-codes.txt');
  const day = new Intl.DateTimeFormat('en', { dateStyle: 'long' }).format(app.clock.now());
  expect(file.text).toBe(`Backup codes for Acme\r\nN@example.com\r\n${day}\r\n\r\n${codes.join('\r\n')}\r\n`);
  expect([file.type, file.headers['content-disposition']]).toEqual([
    'text/plain',
    'attachment; filename="backup-codes.txt"',
  ]);
  for (const fields of [{}, { saved: '' }, { saved: 'no' }]) {
    const refused = await visitor.submit('/backup-codes/saved', fields);
    expect([refused.status, codesOn(refused)]).toEqual([400, codes]);
    expect(refused.text).toContain('Save the codes, then tick this box.');
  }
  expect(JSON.stringify(await app.sessionOf(visitor.browser))).not.toContain(codes[0]);

  const before = visitor.browser.cookie;
  const saved = await visitor.submit('/backup-codes/saved', { saved: 'yes' });
  expect([saved.status, saved.headers.location]).toEqual([303, '/mfa/security']);
  expect(visitor.browser.cookie).not.toBe(before);
  for (const path of ['/mfa/backup-codes', '/mfa/backup-codes.txt', '/mfa/security']) {
    expect(codesOn(await visitor.get(path))).toEqual([]);
  }
  expect(headingOf(await visitor.get('/mfa/backup-codes.txt'))).toBe('These codes are not shown again');
  // They work, and the person is still logged in with both steps.
  expect((await visitor.browser.get('/private')).status).toBe(200);
  expect((await app.mfa.service.verify('N', { code: codes[0] ?? '' })).ok).toBe(true);
});

test('IL-03 nor are they shown to another session or user, after ten minutes, or when their key is gone', async () => {
  const { visitor, codes } = await withCodes();
  expect(codesOn(await (await signedIn(app, 'N')).get('/mfa/backup-codes'))).toEqual([]);
  const stranger = visit(visitor.browser.copy());
  await stranger.browser.post('/session', { userId: 'O' });
  expect(codesOn(await stranger.get('/mfa/backup-codes'))).toEqual([]);
  await stranger.browser.post('/session', { userId: 'N' });
  expect(codesOn(await visitor.get('/mfa/backup-codes'))).toEqual(codes);

  const keys = [randomBytes(32).toString('base64')];
  const rotated = await createTestApp({ prefix: app.prefix, clock: app.clock, mfa: { keys } });
  const later = visit(rotated.browser());
  later.browser.cookie = visitor.browser.cookie;
  const gone = await later.get('/mfa/backup-codes');
  expect([gone.status, codesOn(gone)]).toEqual([200, []]);
  expect(rotated.events.map(({ name }) => name)).toContain('secret.unreadable');
  await rotated.close();

  app.clock.move(600_000);
  expect(codesOn(await visitor.get('/mfa/backup-codes'))).toEqual([]);
});

test('IL-03 a step-up meanwhile keeps them; a program that makes new ones leaves none behind', async () => {
  const { visitor, key, codes } = await withCodes();
  app.clock.nextStep(2);
  await visitor.get('/mfa/challenge');
  expect((await visitor.submit('/totp/verify', { code: codeAt(app, { secret: key }) })).status).toBe(303);
  expect(codesOn(await visitor.get('/mfa/backup-codes'))).toEqual(codes);
  await visitor.submit('/backup-codes/saved', { saved: 'yes' });

  const json = { Accept: 'application/json' };
  const made = await visitor.browser.post(
    '/mfa/totp/regenerate-backup-codes',
    { password: 'password of N' },
    json,
  );
  expect(made.body.data.backup_codes).toHaveLength(10);
  expect((await app.sessionOf(visitor.browser)).mfa.shownCodes).toBeUndefined();
  expect(codesOn(await visitor.get('/mfa/backup-codes'))).toEqual([]);
  const forgotten = await visitor.browser.post('/mfa/backup-codes/saved', { saved: 'yes' }, json);
  expect([forgotten.status, forgotten.body.message]).toEqual([200, 'Backup codes saved']);
  expect((await visitor.browser.post('/mfa/backup-codes/saved', {}, json)).status).toBe(400);
});
