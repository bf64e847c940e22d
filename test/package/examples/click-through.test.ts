import { expect, test } from '@jest/globals';
import { createApp } from '../../../examples/basic/app.ts';
import { codeOf, exampleOptions, password } from './example-options.ts';
import { Visitor } from './visitor.ts';

const email = 'demo@example.com';

async function start() {
  const options = exampleOptions();
  const { app, users } = createApp(options);
  await users.register(email, password);
  return { ...options, users, visitor: new Visitor(app) };
}

/** The key that the set-up page shows, in its groups of four. */
function keyOn({ text }: Visitor): string {
  return /<code id="mfa-secret"[^>]*>([A-Z2-7 ]+)</.exec(text)?.[1]?.replaceAll(' ', '') ?? '';
}

async function logIn(visitor: Visitor, words = password): Promise<void> {
  await visitor.open('/login');
  await visitor.submit('/login', { email, password: words });
}

async function setUp(visitor: Visitor, now: number): Promise<{ key: string; backupCodes: string[] }> {
  await visitor.submit('/mfa/totp/enroll');
  const key = keyOn(visitor);
  await visitor.submit('/mfa/totp/verify-enrollment', { code: codeOf(key, now) });
  const backupCodes = [...visitor.text.matchAll(/<li><code>([^<]+)</g)].map(([, code = '']) => code);
  await visitor.submit('/mfa/backup-codes/saved', { saved: 'yes' });
  return { key, backupCodes };
}

test('everything can be clicked through, from the first login to turning the second step off', async () => {
  const { clock, visitor } = await start();
  await visitor.open('/account');
  expect(visitor.path).toBe('/login?return_to=%2Faccount');
  expect(visitor.text).toContain('The page that you asked for is for people who are logged in.');
  await visitor.submit('/login', { email, password });
  expect(visitor.path).toBe('/account');
  expect(visitor.text).toMatch(/<dd>Off\. <a href="\/mfa\/security">/);

  // Money moves only with a second step: the way leads through the set-up and back to the form.
  await visitor.submit('/transfer');
  expect(visitor.path).toBe('/mfa/setup?return_to=%2Faccount');
  const { key, backupCodes } = await setUp(visitor, clock.now());
  expect(backupCodes).toHaveLength(10);
  expect(visitor.path).toBe('/account');
  expect(visitor.text).toMatch(/<dd>On\. <a href="\/mfa\/security">/);
  await visitor.submit('/transfer', { amount: '12' });
  expect(visitor.path).toBe('/account');
  expect(visitor.text).toContain('12 sent to bob@example.com.');
  await visitor.open('/account');
  expect(visitor.text).not.toContain('sent to');

  await visitor.submit('/log-out');
  expect(visitor.path).toBe('/');
  expect(visitor.text).toContain('Nobody is logged in.');
  await logIn(visitor);
  expect(visitor.path).toBe('/mfa/challenge');
  await visitor.open('/');
  expect(visitor.text).toContain('To the app you are still a guest.');
  await visitor.open('/mfa/challenge');
  clock.nextStep();
  await visitor.submit('/mfa/totp/verify', { code: codeOf(key, clock.now()) });
  expect(visitor.path).toBe('/account');

  await visitor.submit('/log-out', { everywhere: 'true' });
  await logIn(visitor);
  await visitor.open('/mfa/challenge?method=backup_code');
  await visitor.submit('/mfa/totp/verify', { code: backupCodes[0] ?? '' });
  expect(visitor.path).toBe('/account');
  await visitor.open('/');
  expect(visitor.text).toContain(`You are logged in as ${email}.`);

  await visitor.open('/mfa/security');
  await visitor.submit('/mfa/totp/disable', { password });
  expect(visitor.path).toBe('/mfa/security');
  await visitor.open('/account');
  expect(visitor.text).toMatch(/<dd>Off\./);
});

test('a transfer after five minutes asks for a code and leads back to the page that held the form', async () => {
  const { clock, visitor } = await start();
  await logIn(visitor);
  await visitor.open('/mfa/setup');
  const { key } = await setUp(visitor, clock.now());
  await visitor.open('/account');
  await visitor.submit('/transfer', { amount: '' });
  expect([visitor.status, visitor.path]).toEqual([400, '/transfer']);
  expect(visitor.text).toContain('role="alert">Give `amount` as text.</p>');

  clock.move(5 * 60_000 + 1);
  await visitor.submit('/transfer');
  expect(visitor.path).toBe('/mfa/challenge?return_to=%2Ftransfer');
  await visitor.submit('/mfa/totp/verify', { code: codeOf(key, clock.now()) });
  expect([visitor.status, visitor.path]).toEqual([200, '/account']);
  expect(visitor.text).not.toContain('sent to');
  await visitor.submit('/transfer');
  expect(visitor.text).toContain('10 sent to bob@example.com.');
});

test('a forgotten password is set anew by the link of a mail, and the second step is asked even then', async () => {
  const { clock, mails, users, visitor } = await start();
  await logIn(visitor);
  await visitor.open('/mfa/setup');
  const { key } = await setUp(visitor, clock.now());
  await visitor.open('/account');
  await visitor.submit('/log-out');

  mails.length = 0;
  await visitor.open('/password-reset');
  await visitor.submit('/password-reset', { email });
  expect(visitor.path).toBe('/password-reset/mailed');
  const [{ link = '' } = {}] = mails;
  await visitor.open(link);
  await visitor.submit('/password-reset/confirm', { password: 'too short' });
  expect([visitor.status, visitor.text]).toEqual([400, expect.stringContaining('A password has 10 to 72')]);
  expect(await users.authenticate(email, password)).toMatchObject({ email });
  await visitor.submit('/password-reset/confirm', { password: 'a new one, and long' });
  expect(visitor.path).toBe('/mfa/challenge');
  clock.nextStep();
  await visitor.submit('/mfa/totp/verify', { code: codeOf(key, clock.now()) });
  expect(visitor.path).toBe('/account');

  await visitor.open(link);
  await visitor.submit('/password-reset/confirm', { password: 'another new one' });
  expect(visitor.status).toBe(400);
  expect(visitor.text).toContain('The link is too old or has been used.');
  expect(await users.authenticate(email, 'a new one, and long')).toMatchObject({ email });
});

test('somebody registers by the form', async () => {
  const { visitor } = await start();
  await visitor.open('/register');
  await visitor.submit('/register', { email, password });
  expect([visitor.status, visitor.text]).toEqual([
    409,
    expect.stringContaining('There is an account with this address.'),
  ]);
  expect(visitor.text).toContain(`value="${email}"`);
  expect(visitor.text).not.toContain(password);
  await visitor.submit('/register', { email: 'new@example.com', password });
  expect(visitor.path).toBe('/account');
  expect(visitor.text).toContain('<dd>new@example.com</dd>');
});
