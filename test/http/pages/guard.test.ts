import { afterEach, describe, expect, test } from '@jest/globals';
import type { MfaOptions } from 'express-mfa';
import { createTestApp, type TestApp } from '../../app/create-test-app.ts';
import { codeAt, importUser } from '../../app/imported-user.ts';
import { land } from '../../app/land.ts';
import { headingOf, type PageVisitor, signedIn, visit } from '../../app/page-visitor.ts';

let app: TestApp;
afterEach(() => app.close());

async function start(mfa: Partial<MfaOptions> = {}): Promise<void> {
  app = await createTestApp({ mfa });
}

/** Somebody who did both steps, a while ago. */
async function verifiedLongAgo(): Promise<{ ada: PageVisitor; secret: string }> {
  const { secret } = await importUser(app, 'A');
  app.clock.nextStep();
  const ada = await signedIn(app, 'A');
  await ada.get('/mfa/challenge');
  await ada.submit('/totp/verify', { code: codeAt(app, { secret }) });
  app.clock.move(300_000);
  return { ada, secret };
}

describe('a browser', () => {
  test('whose second step is too old confirms it and lands where it wanted to be; its session lives on', async () => {
    await start();
    const { ada, secret } = await verifiedLongAgo();
    await ada.browser.post('/session', { cart: ['a book'] });
    const old = ada.browser.copy();
    const { path, response } = await land(ada, await ada.get('/sensitive?a=1'));
    expect([path, response.status, headingOf(response)]).toEqual([
      '/mfa/challenge?return_to=%2Fsensitive%3Fa%3D1',
      200,
      'Confirm that it is you',
    ]);
    expect(app.reached()).toBe(0);
    const done = await ada.submit('/totp/verify', { code: codeAt(app, { secret }) });
    expect([done.status, done.headers.location]).toEqual([303, '/sensitive?a=1']);
    expect((await land(ada, done)).response.body).toEqual({ reached: true, userId: 'A' });
    expect((await app.sessionOf(ada.browser)).cart).toEqual(['a book']);
    expect(await app.sessionOf(old)).toBeUndefined();
  });

  test('that is pending reaches nothing, and after the challenge what it wanted', async () => {
    await start();
    const { secret } = await importUser(app, 'A');
    app.clock.nextStep();
    const ada = await signedIn(app, 'A');
    const denied = await ada.get('/private?tab=2');
    expect([denied.status, denied.text, denied.headers.location]).toEqual([
      303,
      '',
      '/mfa/challenge?return_to=%2Fprivate%3Ftab%3D2',
    ]);
    await land(ada, denied);
    const wrong = await ada.submit('/totp/verify', { code: '12' });
    expect([wrong.status, app.reached()]).toEqual([400, 0]);
    const done = await ada.submit('/totp/verify', { code: codeAt(app, { secret }) });
    expect((await land(ada, done)).path).toBe('/private?tab=2');
    expect(app.reached()).toBe(1);
  });

  test('that asks by HEAD is led on like one that asks by GET; by PUT it does not come back to that', async () => {
    await start();
    const guest = visit(app.browser());
    for (const [method, location] of [
      ['HEAD', '/login?return_to=%2Fprivate'],
      ['PUT', '/login'],
      ['DELETE', '/login'],
    ]) {
      const response = await guest.browser.send(method ?? '', '/private');
      expect([method, response.status, response.headers.location]).toEqual([method, 303, location]);
    }
    expect(app.reached()).toBe(0);
  });

  test('is answered by `onDenied` where there is one', async () => {
    await start({ onDenied: (denial, _req, res) => res.status(418).json({ own: denial.errorType }) });
    const response = await visit(app.browser()).get('/private');
    expect([response.status, response.body]).toEqual([418, { own: 'UNAUTHENTICATED' }]);
    expect(response.headers.location).toBeUndefined();
  });

  test('is sent to the pages of the host where those are elsewhere', async () => {
    await start({ challengePath: '/own/challenge', setupPath: '/own/setup', loginPath: '/own/login' });
    await importUser(app, 'A');
    const wanted = '?return_to=%2Fprivate';
    const [guest, nell, ada] = [visit(app.browser()), await signedIn(app, 'N'), await signedIn(app, 'A')];
    expect((await guest.get('/private')).headers.location).toBe(`/own/login${wanted}`);
    expect((await nell.get('/private')).headers.location).toBe(`/own/setup${wanted}`);
    expect((await ada.get('/private')).headers.location).toBe(`/own/challenge${wanted}`);
    expect((await ada.get('/mfa/security')).headers.location).toMatch(/^\/own\/challenge\?return_to=/);
  });
});

test('a program hears what is missing, and is led nowhere', async () => {
  await start();
  await importUser(app, 'A');
  const [guest, nell, ada] = [app.browser(), await app.pending('N'), await app.pending('A')];
  for (const [browser, status, errorType] of [
    [guest, 401, 'UNAUTHENTICATED'],
    [nell, 403, 'MFA_ENROLLMENT_REQUIRED'],
    [ada, 401, 'MFA_REQUIRED'],
  ] as const) {
    for (const accept of ['*/*', 'application/json', 'application/json, text/plain, */*']) {
      const { status: seen, body, headers } = await browser.get('/private', { Accept: accept });
      expect([seen, body.error_type, headers.location]).toEqual([status, errorType, undefined]);
    }
  }
  expect(app.reached()).toBe(0);
});
