import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { TestAuthenticator } from 'express-mfa/testing';
import type { Response } from 'supertest';
import { createTestApp, type TestApp } from '../../app/create-test-app.ts';
import { codeAt, wrongCode } from '../../app/imported-user.ts';
import { alertOf, headingOf, type PageVisitor, signedIn } from '../../app/page-visitor.ts';

let app: TestApp;
let lost: TestAuthenticator;
beforeEach(async () => {
  app = await createTestApp();
  lost = await app.enrol('A');
});
afterEach(async () => {
  expect(app.errors).toEqual([]);
  await app.close();
});

async function withBackupCode(): Promise<PageVisitor> {
  const ada = await signedIn(app, 'A');
  await ada.get('/mfa/challenge?method=backup_code');
  expect((await ada.submit('/totp/verify', { code: lost.backupCodes[0] ?? '' })).status).toBe(303);
  return ada;
}

/** A set-up over the lost phone that was begun right after the log-in, five and a half minutes ago. */
async function underWay(): Promise<PageVisitor & { secret: string }> {
  const ada = await withBackupCode();
  await ada.get('/mfa/setup');
  expect((await ada.submit('/totp/enroll')).headers.location).toBe('/mfa/setup');
  const secret = secretOf(await ada.get('/mfa/setup'));
  app.clock.move(330_000);
  return { ...ada, secret };
}

function secretOf({ text }: Response): string {
  return /id="mfa-secret"[^>]*>([A-Z2-7 ]+)</.exec(text)?.[1]?.replaceAll(' ', '') ?? '';
}

const confirm = '/totp/verify-enrollment';

test('when the proof of the log-in has aged, a reload and a slip leave the set-up where it is', async () => {
  const ada = await underWay();
  expect(secretOf(await ada.get('/mfa/setup'))).toBe(ada.secret);
  const slip = await ada.submit(confirm, { code: wrongCode(app, { ...lost, secret: ada.secret }) });
  expect([slip.status, alertOf(slip), secretOf(slip)]).toEqual([
    401,
    expect.stringMatching(/^This code is not right/),
    ada.secret,
  ]);
  const malformed = await ada.submit(confirm, { code: '12' });
  expect([malformed.status, secretOf(malformed)]).toEqual([400, ada.secret]);
  // Whoever has gone elsewhere finds the way back.
  expect((await ada.get('/mfa/security')).text).toContain('<a href="/mfa/setup">');

  await ada.get('/mfa/setup');
  const done = await ada.submit(confirm, { code: codeAt(app, ada) });
  expect([done.status, done.headers.location]).toEqual([303, '/mfa/backup-codes']);
  expect((await ada.get('/mfa/backup-codes')).text.match(/<code>/g)).toHaveLength(10);
});

test('a program can confirm it just as late', async () => {
  const { browser, secret } = await underWay();
  browser.headers = { 'Sec-Fetch-Site': 'same-origin' };
  const [state, epoch] = [await app.rawState('A'), (await app.state('A')).epoch];
  const late = await browser.post('/mfa/totp/enroll', { password: 'password of A' });
  expect([late.status, late.body.error_type]).toEqual([409, 'CONFLICT']);
  expect(await app.rawState('A')).toBe(state);
  expect((await browser.post(`/mfa${confirm}`, { code: codeAt(app, { secret }) })).status).toBe(200);
  expect((await app.state('A')).epoch).not.toBe(epoch);
});

test('to begin once more is too late by then: the set-up that runs is on the page', async () => {
  const ada = await withBackupCode();
  const early = await ada.get('/mfa/setup');
  await ada.submit('/totp/enroll');
  const secret = secretOf(await ada.get('/mfa/setup'));
  app.clock.move(330_000);
  const token = /name="form_token" value="([^"]+)"/.exec(early.text)?.[1] ?? '';
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
  const again = await ada.browser.post('/mfa/totp/enroll', `form_token=${token}`, form);
  expect([again.status, again.headers.location]).toEqual([303, '/mfa/setup']);
  expect(secretOf(await ada.get('/mfa/setup'))).toBe(secret);
});

test('after ten minutes it has ended, and the person is told', async () => {
  const ada = await underWay();
  app.clock.move(270_000);
  const state = await app.rawState('A');
  const late = await ada.submit(confirm, { code: codeAt(app, ada) });
  expect([late.status, headingOf(late), alertOf(late)]).toEqual([
    409,
    'Your second step',
    'This set-up has ended. Please begin again.',
  ]);
  expect(late.text).not.toContain('<a href="/mfa/setup">');
  expect(await app.rawState('A')).toBe(state);
  expect((await ada.get('/mfa/setup')).headers.location).toBe('/mfa/security');
});

test('whoever presses "Begin" when the proof has aged is told as well', async () => {
  const ada = await withBackupCode();
  await ada.get('/mfa/setup');
  app.clock.move(330_000);
  const late = await ada.submit('/totp/enroll');
  expect([late.status, headingOf(late), alertOf(late)]).toEqual([
    409,
    'Your second step',
    'The second step is set up already.',
  ]);
});
