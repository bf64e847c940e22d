import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { beginEnrollment } from '../app/begin-enrollment.ts';
import type { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectNothingKnown } from '../app/expect-nothing-known.ts';
import { expectRefusal } from '../app/expect-refusal.ts';
import { importUser } from '../app/imported-user.ts';
import { watchAnswers } from '../app/watch-answers.ts';

let app: TestApp;
let bare: TestApp;
const answers = watchAnswers();
beforeAll(async () => {
  app = await createTestApp({ before: answers.watch, mfa: { verifyPassword: () => 'no_password' } });
  bare = await createTestApp({ before: answers.watch, withoutVerifyPassword: true });
});
afterEach(() => {
  answers.check();
  expect([...app.errors, ...bare.errors]).toEqual([]);
});
afterAll(() => Promise.all([app.close(), bare.close()]));

const enroll = '/mfa/totp/enroll';
const disable = '/mfa/totp/disable';

describe('a user without a password', () => {
  test('enrols within five minutes of a login, and after that logs in again', async () => {
    const browser = app.browser();
    await browser.post('/other-login', { user: 'by-link', via: 'magic link' });
    await beginEnrollment(browser);
    await beginEnrollment(browser, { password: 'whatever' });
    app.clock.move(300_000);
    for (const body of [{}, { password: 'whatever' }]) {
      expectRefusal(await browser.post(enroll, body), 401, 'UNAUTHENTICATED');
    }
    await expectNothingKnown(app, 'by-link');
  });

  test('disables within five minutes of a login; a second step alone does not stand in for it', async () => {
    const authenticator = await importUser(app, 'no-password');
    const browser = await app.full('no-password', authenticator);
    app.clock.move(300_000);
    expect((await browser.post('/mfa/totp/verify', { code: authenticator.code() })).status).toBe(200);
    app.clock.nextStep();
    const state = await app.rawState('no-password');
    for (const body of [{}, { code: authenticator.code() }, { password: 'whatever' }]) {
      expectRefusal(await browser.post(disable, body), 401, 'UNAUTHENTICATED');
    }
    expect(await app.rawState('no-password')).toBe(state);
    app.clock.nextStep();
    const again = await app.full('no-password', authenticator);
    expect((await again.post(disable, {})).status).toBe(200);
  });
});

describe('what the status says of the password', () => {
  const asked = async (browser: Browser) =>
    (await browser.get('/mfa/totp/status')).body.data.password_required;

  test.each([
    ['/login', undefined],
    ['/other-login', 'magic link'],
  ])('a user who has none is never told to send one, after %s', async (path, via) => {
    const user = `none${path}`;
    const details = { user, via, password: `password of ${user}` };
    const browser = app.browser();
    await browser.post(path, details);
    expect(await asked(browser)).toBe(false);
    app.clock.move(300_000);
    expect(await asked(browser)).toBe(false);

    const authenticator = await importUser(app, user);
    await browser.post(path, details);
    expect((await browser.post('/mfa/totp/verify', { code: authenticator.code() })).status).toBe(200);
    const state = await app.rawState(user);
    expect(await asked(browser)).toBe(false);
    expect(await app.rawState(user)).toBe(state);
  });
});

describe('a host that gives no way to check passwords', () => {
  test('enrolling needs a login within five minutes, whatever is sent as a password', async () => {
    const browser = await bare.pending('bare');
    await beginEnrollment(browser);
    bare.clock.move(300_000);
    for (const body of [{}, { password: 'password of bare' }]) {
      expectRefusal(await browser.post(enroll, body), 401, 'UNAUTHENTICATED');
    }
    expect((await browser.get('/mfa/totp/status')).body.data.password_required).toBe(false);
    await expectNothingKnown(bare, 'bare');
  });

  test('disabling needs the second factor alone: fresh, or by a code', async () => {
    const authenticator = await importUser(bare, 'bare-too');
    const browser = await bare.full('bare-too', authenticator);
    bare.clock.move(300_000);
    expectRefusal(await browser.post(disable, { password: 'password of bare-too' }), 401, 'MFA_REQUIRED');
    expect((await bare.state('bare-too')).authenticators).toHaveLength(1);
    expect((await browser.post(disable, { code: authenticator.code() })).status).toBe(200);
  });
});
