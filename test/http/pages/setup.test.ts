import { afterEach, describe, expect, test } from '@jest/globals';
import { createTestApp, type TestApp, type TestAppOptions } from '../../app/create-test-app.ts';
import { codeAt, importUser } from '../../app/imported-user.ts';
import { alertOf, signedIn, signedInElsewhere, visit } from '../../app/page-visitor.ts';

let app: TestApp;
afterEach(() => app.close());

async function begin(options: TestAppOptions = {}): Promise<void> {
  app = await createTestApp(options);
}
const asksFor = ({ text }: { text: string }) =>
  [...text.matchAll(/<input id="[\w-]+" name="(\w+)"/g)].map(([, name]) => name);

describe('set-up and security for somebody who is not logged in', () => {
  test.each(['/setup', '/security', '/backup-codes', '/backup-codes.txt'])('%s', async (path) => {
    await begin();
    const page = path.replace('.txt', '');
    const guest = await visit(app.browser()).get(`/mfa${path}`);
    expect([guest.status, guest.headers.location]).toEqual([
      303,
      `/login?return_to=${encodeURIComponent(`/mfa${page}`)}`,
    ]);
    await importUser(app, 'A');
    const pending = await (await signedIn(app, 'A')).get(`/mfa${path}?return_to=%2Fx`);
    expect(pending.headers.location).toBe(
      `/mfa/challenge?return_to=${encodeURIComponent(`/mfa${page}?return_to=%2Fx`)}`,
    );
  });
});

describe('what the set-up asks for', () => {
  test('nothing right after the login, the password later', async () => {
    await begin();
    const nell = await signedIn(app, 'N');
    expect(asksFor(await nell.get('/mfa/setup'))).toEqual([]);
    app.clock.move(300_000);
    expect(asksFor(await nell.get('/mfa/setup'))).toEqual(['password']);
    const wrong = await nell.submit('/totp/enroll', { password: 'no' });
    expect([wrong.status, alertOf(wrong)]).toEqual([401, 'The password is missing or not right.']);
    expect((await nell.submit('/totp/enroll', { password: 'password of N' })).status).toBe(303);
    // Begun again in another tab, and wrong: what runs goes on running, and is not shown on top of that.
    await nell.get('/mfa/security');
    expect(asksFor(await nell.get('/mfa/setup'))).toEqual(['code']);
  });

  const withoutPassword = { mfa: { verifyPassword: () => 'no_password' as const } };
  test.each([
    ['a user without a password', signedInElsewhere, withoutPassword],
    ['a user without a password, whose first step says nothing of itself', signedIn, withoutPassword],
    ['a host that checks none', signedInElsewhere, { withoutVerifyPassword: true }],
  ])('%s: a new login', async (_who, logIn, options) => {
    await begin(options);
    const nell = await logIn(app, 'N');
    await nell.get('/mfa/setup');
    const { text } = nell.page();
    app.clock.move(300_000);
    const late = await nell.get('/mfa/setup');
    expect(late.text).toContain('For this, please log in again.');
    expect(late.text).not.toContain('<form');
    // A form that was open meanwhile hears the same.
    const token = /name="form_token" value="([^"]+)"/.exec(text)?.[1] ?? '';
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const refused = await nell.browser.post('/mfa/totp/enroll', `form_token=${token}`, form);
    expect([refused.status, alertOf(refused)]).toEqual([401, 'For this, please log in again.']);
  });

  test('a backup code was just used: a new authenticator may take the place of the lost one', async () => {
    await begin();
    const lost = await app.enrol('A');
    const ada = await signedIn(app, 'A');
    await ada.get('/mfa/challenge?method=backup_code');
    expect((await ada.submit('/totp/verify', { code: lost.backupCodes[0] ?? '' })).status).toBe(303);
    expect((await ada.get('/mfa/security')).text).toContain(
      '<a href="/mfa/setup">Set up a new authenticator app</a>',
    );
    expect((await ada.get('/mfa/setup')).text).toContain('takes the place of the one you have lost');
    await ada.submit('/totp/enroll');
    const { text } = await ada.get('/mfa/setup');
    const secret = /id="mfa-secret"[^>]*>([A-Z2-7 ]+)</.exec(text)?.[1]?.replaceAll(' ', '') ?? '';
    const done = await ada.submit('/totp/verify-enrollment', { code: codeAt(app, { secret }) });
    expect(done.headers.location).toBe('/mfa/backup-codes');
    expect((await ada.get('/mfa/security')).text).not.toContain('Set up a new authenticator app');
  });

  test('it was set up in another tab meanwhile: on to what is set up', async () => {
    await begin();
    const nell = await signedIn(app, 'N');
    await nell.get('/mfa/setup');
    await app.mfa.service.importTotp('N', 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', { encoding: 'base32' });
    expect((await nell.submit('/totp/enroll')).headers.location).toBe('/mfa/security');
  });
});
