import { afterEach, describe, expect, test } from '@jest/globals';
import { createTestApp, type TestApp, type TestAppOptions } from '../../app/create-test-app.ts';
import { codeAt, importUser, wrongCode } from '../../app/imported-user.ts';
import { alertOf, headingOf, type PageVisitor, signedIn, visit } from '../../app/page-visitor.ts';

let app: TestApp;
afterEach(() => app.close());

async function begin(options: TestAppOptions = {}): Promise<void> {
  app = await createTestApp(options);
}
async function full(user: string, secret: string): Promise<PageVisitor> {
  const visitor = await signedIn(app, user);
  await visitor.get('/mfa/challenge');
  const done = await visitor.submit('/totp/verify', { code: codeAt(app, { secret }) });
  expect(done.status).toBe(303);
  return visitor;
}
describe('the challenge', () => {
  test('a guest, and a pending login that was ended, read that they must log in: 401, and no form', async () => {
    await begin();
    await importUser(app, 'A');
    const pending = await signedIn(app, 'A');
    await app.mfa.service.endSessions('A');
    for (const visitor of [visit(app.browser()), pending]) {
      const response = await visitor.get('/mfa/challenge');
      expect([response.status, headingOf(response)]).toEqual([401, 'Please log in again']);
      expect(response.text).toContain('href="/login"');
      expect(response.text).not.toContain('<form');
      expect(response.headers['set-cookie']).toBeUndefined();
    }
  });

  test('a session that is half a pending login has ended', async () => {
    await begin();
    const visitor = visit(app.browser());
    await visitor.browser.post('/session', { mfa: { pendingUserId: 7 } });
    expect((await visitor.get('/mfa/challenge')).status).toBe(401);
    expect((await visitor.get('/mfa/security')).headers.location).toMatch(/^\/mfa\/challenge\?/);
  });

  test('somebody without a second step is led to the set-up; who has just done it, on', async () => {
    await begin();
    const nell = await signedIn(app, 'N');
    expect((await nell.get('/mfa/challenge?return_to=%2Fprivate')).headers.location).toBe(
      '/mfa/setup?return_to=%2Fprivate',
    );
    const { secret } = await importUser(app, 'A');
    app.clock.nextStep();
    const ada = await full('A', secret);
    expect((await ada.get('/mfa/challenge')).headers.location).toBe('/');
    expect((await ada.get('/mfa/challenge?return_to=%2Fprivate')).headers.location).toBe('/private');
    app.clock.move(30_000);
    expect(headingOf(await ada.get('/mfa/challenge?return_to=%2Fprivate'))).toBe('Confirm that it is you');
  });

  test('asks for a backup code where that is asked for, and there are any', async () => {
    await begin();
    await importUser(app, 'A');
    const ada = await signedIn(app, 'A');
    const withoutCodes = await ada.get('/mfa/challenge?method=backup_code');
    expect(withoutCodes.text).toContain('inputmode="numeric"');
    expect(withoutCodes.text).not.toContain('?method=');
    await app.enrol('B');
    const bob = await signedIn(app, 'B');
    const withCodes = await bob.get('/mfa/challenge?method=backup_code&return_to=%2Fprivate');
    expect(withCodes.text).not.toContain('inputmode');
    expect(withCodes.text).toContain('href="/mfa/challenge?return_to=%2Fprivate"');
    expect((await bob.get('/mfa/challenge')).text).toContain('href="/mfa/challenge?method=backup_code"');
  });

  test('a wait is told in words and in the header', async () => {
    await begin();
    const authenticator = await importUser(app, 'A');
    const ada = await signedIn(app, 'A');
    await ada.get('/mfa/challenge');
    for (let count = 0; count < 5; count++) {
      const refused = await ada.submit('/totp/verify', { code: wrongCode(app, authenticator) });
      expect([refused.status, alertOf(refused)]).toEqual([
        401,
        'This code is not right, or was used already. Wait for the next one.',
      ]);
    }
    const waiting = await ada.submit('/totp/verify', { code: wrongCode(app, authenticator) });
    expect([waiting.status, waiting.headers['retry-after'], alertOf(waiting)]).toEqual([
      429,
      '30',
      'Too many attempts. Try again in 30 seconds.',
    ]);
  });

  test('during a wait a wrong backup code is just wrong, since a right one would have done', async () => {
    await begin();
    const authenticator = await app.enrol('A');
    const ada = await signedIn(app, 'A');
    await ada.get('/mfa/challenge');
    for (let count = 0; count < 5; count++) {
      await ada.submit('/totp/verify', { code: wrongCode(app, authenticator) });
    }
    await ada.get('/mfa/challenge?method=backup_code');
    const refused = await ada.submit('/totp/verify', { code: '0000-0000-0000-0000' });
    expect([refused.status, alertOf(refused)]).toEqual([
      429,
      'This backup code is not right, or was used already.',
    ]);
  });

  test('a form whose session is gone: please log in again, and on to where it was going', async () => {
    await begin();
    await importUser(app, 'A');
    const ada = await signedIn(app, 'A');
    await ada.get('/mfa/challenge?return_to=%2Fprivate');
    ada.browser.cookie = '';
    const response = await ada.submit('/totp/verify', { code: '123456' });
    expect([response.status, headingOf(response)]).toEqual([401, 'Please log in again']);
    expect(response.text).toContain('href="/login?return_to=%2Fprivate"');
  });

  test('the address of a refused form, opened again: 405, and the way to the page', async () => {
    await begin();
    const response = await visit(app.browser()).get('/mfa/totp/verify');
    expect([response.status, response.headers.allow]).toEqual([405, 'POST']);
    expect(response.text).toContain('href="/mfa/challenge"');
  });

  test('what cannot be read at all is told above the field or beside it, and counts for nothing', async () => {
    await begin();
    await importUser(app, 'A');
    const ada = await signedIn(app, 'A');
    await ada.get('/mfa/challenge');
    const before = await app.rawState('A');
    for (const code of ['', '12', 'x'.repeat(300), '１２３４５６']) {
      const refused = await ada.submit('/totp/verify', { code });
      expect([code, refused.status, alertOf(refused)]).toEqual([code, 400, 'A code has six digits.']);
    }
    const json = await ada.browser.post('/mfa/totp/verify', '{"code":', {
      'Content-Type': 'application/json',
    });
    expect([json.status, json.type]).toEqual([400, 'text/html']);
    expect(await app.rawState('A')).toBe(before);
  });
});
