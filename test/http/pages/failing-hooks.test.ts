import { afterEach, expect, test } from '@jest/globals';
import type { MfaOptions } from 'express-mfa';
import { createTestApp, type TestApp } from '../../app/create-test-app.ts';
import { codeAt, importUser } from '../../app/imported-user.ts';
import { alertOf, type PageVisitor, signedIn, visit } from '../../app/page-visitor.ts';

let app: TestApp;
let failing: boolean;
afterEach(() => app.close());

const internal = 'Something went wrong. Please try again.';
const failure = new Error('of the host: key 12345');

function orFail<T>(value: T): T {
  if (failing) throw failure;
  return value;
}

async function start(mfa: Partial<MfaOptions>): Promise<void> {
  failing = false;
  app = await createTestApp({ mfa });
}

/** A logged-in user on the security page, both steps done. */
async function onSecurity(): Promise<PageVisitor> {
  const { secret } = await importUser(app, 'A');
  app.clock.nextStep();
  const ada = await signedIn(app, 'A');
  await ada.get('/mfa/challenge');
  await ada.submit('/totp/verify', { code: codeAt(app, { secret }) });
  await ada.get('/mfa/security');
  return ada;
}

async function expectFailed(visitor: PageVisitor, ask: () => ReturnType<PageVisitor['get']>): Promise<void> {
  const before = [await app.rawState('A'), await app.sessionOf(visitor.browser)];
  failing = true;
  const response = await ask();
  failing = false;
  expect([response.status, response.type, alertOf(response)]).toEqual([500, 'text/html', internal]);
  expect(response.text).not.toContain('12345');
  expect(app.errors.splice(0)).toEqual([failure]);
  expect([await app.rawState('A'), await app.sessionOf(visitor.browser)]).toEqual(before);
}

test.each(['/challenge', '/setup', '/backup-codes', '/backup-codes.txt', '/security'])(
  'currentUserId throws at %s: a page with 500, and `onError` has heard it',
  async (path) => {
    await start({ currentUserId: (req) => orFail(req.session.userId) });
    const ada = await onSecurity();
    await expectFailed(ada, () => ada.get(`/mfa${path}`));
  },
);

test.each(['/totp/disable', '/totp/regenerate-backup-codes'])(
  'currentUserId or verifyPassword throws for a form to %s: nothing is done, and the form is good again',
  async (action) => {
    await start({
      currentUserId: (req) => orFail(req.session.userId),
      verifyPassword: (userId, password) => password === `password of ${userId}`,
    });
    const ada = await onSecurity();
    const hidden = ada.hidden(action);
    await expectFailed(ada, () => ada.submit(action, { password: 'password of A' }));
    const body = new URLSearchParams({ ...hidden, password: 'password of A' }).toString();
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    expect((await ada.browser.post(`/mfa${action}`, body, form)).status).toBe(303);
  },
);

test('accountName throws where backup codes are shown: they are, without the name', async () => {
  await start({ accountName: () => orFail('ada@example.com') });
  const ada = await onSecurity();
  await ada.submit('/totp/regenerate-backup-codes', { password: 'password of A' });
  for (const path of ['/mfa/backup-codes', '/mfa/backup-codes.txt']) {
    expect((await ada.get(path)).text).toContain('ada@example.com');
    failing = true;
    const { status, text } = await ada.get(path);
    failing = false;
    expect([status, text.match(/[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}/g)?.length]).toEqual([200, 10]);
    expect(text).not.toContain('ada@example.com');
    expect(app.errors.splice(0)).toEqual([failure]);
  }
});

test('verifyPassword throws where a form sends a password', async () => {
  await start({ verifyPassword: (userId, password) => orFail(password === `password of ${userId}`) });
  const ada = await onSecurity();
  await ada.get('/mfa/security');
  await expectFailed(ada, () => ada.submit('/totp/disable', { password: 'password of A' }));
});

test('logIn throws after a right code: a page, nobody is logged in, and no cookie', async () => {
  await start({
    logIn(req, userId) {
      req.session.userId = orFail(userId);
    },
  });
  const { secret } = await importUser(app, 'A');
  app.clock.nextStep();
  const ada = await signedIn(app, 'A');
  await ada.get('/mfa/challenge');
  failing = true;
  const response = await ada.submit('/totp/verify', { code: codeAt(app, { secret }) });
  expect([response.status, response.type]).toEqual([503, 'text/html']);
  expect(response.headers['set-cookie']).toBeUndefined();
  expect(app.errors).toEqual([failure]);
  expect((await ada.browser.get('/whoami')).body.userId).toBeNull();
});

test.each(['layout', 'page of problems'])(
  'the %s throws for a page that refuses: ours, with 500',
  async (what) => {
    const fail = () => orFail('never seen');
    await start(what === 'layout' ? { layout: fail } : { pages: { problem: fail } });
    const guest = visit(app.browser());
    expect((await guest.get('/mfa/challenge')).text).toBe('never seen');
    await expectFailed(guest, () => guest.get('/mfa/challenge'));
  },
);

test('a layout that has answered and then throws: its answer stands, and `onError` has heard it', async () => {
  await start({
    layout(_page, { res }) {
      res.redirect('/elsewhere');
      throw failure;
    },
  });
  const response = await (await signedIn(app, 'N')).get('/mfa/security');
  expect([response.status, response.headers.location]).toEqual([302, '/elsewhere']);
  expect(app.errors).toEqual([failure]);
});
