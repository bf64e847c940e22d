import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { createTestApp, type TestApp, type TestAppOptions } from '../../app/create-test-app.ts';
import { codeAt, importUser, wrongCode } from '../../app/imported-user.ts';
import { alertOf, type PageVisitor, signedIn, signedInElsewhere } from '../../app/page-visitor.ts';

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
const asksFor = ({ text }: { text: string }) =>
  [...text.matchAll(/<input id="[\w-]+" name="(\w+)"/g)].map(([, name]) => name);

describe('the security page', () => {
  test('says what is on and how many codes are left, and warns of few', async () => {
    await begin();
    const { secret, backupCodes } = await app.enrol('A');
    app.clock.nextStep();
    const ada = await full('A', secret);
    const shown = async () =>
      [...(await ada.get('/mfa/security')).text.matchAll(/<dd>(.*?)<\/dd>/g)].map(([, text]) => text);
    expect(await shown()).toEqual(['On', '10']);
    for (const code of backupCodes.slice(0, 8)) await app.mfa.service.verify('A', { code });
    expect(await shown()).toEqual(['On', '2']);
    expect(ada.page().text).toContain('Few backup codes are left.');
  });

  test('leads to new backup codes until somebody has said that they are saved, or they are over', async () => {
    await begin();
    const { secret } = await importUser(app, 'A');
    app.clock.nextStep();
    const ada = await full('A', secret);
    const tells = async () => {
      const { text } = await ada.get('/mfa/security');
      return [text.includes('are not saved yet'), text.includes('href="/mfa/backup-codes"')];
    };
    const make = () => ada.submit('/totp/regenerate-backup-codes', { password: 'password of A' });
    expect(await tells()).toEqual([false, false]);
    await make();
    const before = await app.sessionOf(ada.browser);
    expect(await tells()).toEqual([true, true]);
    expect(ada.page().text).not.toMatch(/[0-9A-Z]{4}-[0-9A-Z]{4}/);
    expect(await app.sessionOf(ada.browser)).toEqual(before);
    await ada.get('/mfa/backup-codes');
    await ada.submit('/backup-codes/saved', { saved: 'yes' });
    expect(await tells()).toEqual([false, false]);
    app.clock.move(61_000);
    await make();
    expect(await tells()).toEqual([true, true]);
    app.clock.move(600_000);
    expect(await tells()).toEqual([false, false]);
  });

  test('an authenticator that was locked by failures is shown as that', async () => {
    await begin();
    const authenticator = await app.enrol('A');
    app.clock.nextStep();
    const ada = await full('A', authenticator.secret);
    for (let count = 0; count < 100; count++) {
      await app.mfa.service.verify('A', { code: wrongCode(app, authenticator) });
      app.clock.move(3_600_000);
    }
    expect((await app.mfa.service.status('A')).totpLocked).toBe(true);
    expect((await ada.get('/mfa/security')).text).toContain('Locked after too many wrong codes.');
  });

  test('asks for what is missing: right after the second step only the password, later a code too', async () => {
    await begin();
    const { secret } = await importUser(app, 'A');
    app.clock.nextStep();
    const ada = await full('A', secret);
    expect(asksFor(await ada.get('/mfa/security'))).toEqual(['password', 'password']);
    app.clock.move(300_000);
    // A form of before: the code is asked for, beside its field, in the form that was sent.
    const refused = await ada.submit('/totp/disable', { password: 'password of A' });
    expect([refused.status, alertOf(refused)]).toEqual([401, 'Enter a code.']);
    expect(refused.text).toMatch(/<details class="mfa-change" open>\s*<summary>Turn off/);
    expect(refused.text).not.toMatch(/<details class="mfa-change" open>\s*<summary>Make new/);
    expect(asksFor(refused)).toEqual(['password', 'code', 'password', 'code']);
    const wrong = await ada.submit('/totp/disable', { password: 'password of A', code: '000 000' });
    expect(alertOf(wrong)).toBe('This code is not right, or was used already.');
    const malformed = await ada.submit('/totp/disable', { password: 'password of A', code: '0' });
    expect(alertOf(malformed)).toBe('A code has six digits, a backup code 16 letters and digits.');
    expect((await app.state('A')).authenticators).toHaveLength(1);
  });

  test('new backup codes within a minute: a wait above the form', async () => {
    await begin();
    const { secret } = await app.enrol('A');
    app.clock.nextStep();
    const ada = await full('A', secret);
    await ada.get('/mfa/security');
    const fields = { password: 'password of A' };
    expect((await ada.submit('/totp/regenerate-backup-codes', fields)).headers.location).toBe(
      '/mfa/backup-codes',
    );
    await ada.get('/mfa/security');
    const again = await ada.submit('/totp/regenerate-backup-codes', fields);
    expect([again.status, alertOf(again)]).toEqual([429, 'Too many attempts. Try again in 60 seconds.']);
  });

  // `startLogin` without `via` says "password", also for a first step that was none.
  test.each([
    ['by another first step', signedInElsewhere],
    ['without a word of how', signedIn],
  ])(
    'a user without a password, logged in %s: nothing but the second step; later a new login',
    async (_how, logIn) => {
      await begin({ mfa: { verifyPassword: () => 'no_password' } });
      const { secret } = await importUser(app, 'A');
      app.clock.nextStep();
      const ada = await logIn(app, 'A');
      await ada.get('/mfa/challenge');
      await ada.submit('/totp/verify', { code: codeAt(app, { secret }) });
      expect(asksFor(await ada.get('/mfa/security'))).toEqual([]);
      app.clock.move(300_000);
      const late = await ada.get('/mfa/security');
      expect(late.text).toContain('For this, please log in again.');
      expect(late.text).toContain('href="/login?return_to=%2Fmfa%2Fsecurity"');
      expect(late.text).not.toContain('<form');
    },
  );

  test('a host that checks no password: nothing but the second step', async () => {
    await begin({ withoutVerifyPassword: true });
    const { secret } = await importUser(app, 'A');
    app.clock.nextStep();
    const ada = await full('A', secret);
    app.clock.move(300_000);
    expect(asksFor(await ada.get('/mfa/security'))).toEqual(['code', 'code']);
  });

  test('a look at it is no attempt: the host is asked with an empty text, and nothing is counted', async () => {
    const verifyPassword = jest.fn(() => false);
    await begin({ mfa: { verifyPassword } });
    const { secret } = await importUser(app, 'A');
    app.clock.nextStep();
    const ada = await full('A', secret);
    const before = await app.rawState('A');
    expect(asksFor(await ada.get('/mfa/security'))).toEqual(['password', 'password']);
    expect(verifyPassword.mock.calls).toEqual([['A', '']]);
    expect(await app.rawState('A')).toBe(before);
  });

  test('who has no password after all is told to log in again, and can', async () => {
    let answer: boolean | 'no_password' = true;
    await begin({ mfa: { verifyPassword: () => answer } });
    const { secret } = await importUser(app, 'A');
    app.clock.nextStep();
    const ada = await full('A', secret);
    await ada.get('/mfa/security');
    // It is taken away while the form is open.
    answer = 'no_password';
    app.clock.move(300_000);
    const code = codeAt(app, { secret });
    const refused = await ada.submit('/totp/disable', { password: '', code });
    expect([refused.status, alertOf(refused)]).toEqual([401, 'For this, please log in again.']);
    expect(refused.text).toContain('href="/login?return_to=%2Fmfa%2Fsecurity"');
    expect((await app.state('A')).authenticators).toHaveLength(1);
  });

  test('it was turned off in another tab meanwhile: the page says so', async () => {
    await begin();
    const { secret } = await importUser(app, 'A');
    app.clock.nextStep();
    const ada = await full('A', secret);
    await ada.get('/mfa/security');
    await app.mfa.service.disable('A');
    const late = await ada.submit('/totp/disable', { password: 'password of A' });
    expect([late.status, alertOf(late)]).toEqual([400, 'The second step is not set up.']);
    expect(late.text).toContain('The second step is off.');
  });
});
