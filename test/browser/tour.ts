import { codeAt, wrongCode } from '../app/imported-user.ts';
import type { Person } from './person.ts';
import type { Story } from './story.ts';

/** A page in one of its states, as somebody sees it now. */
type Visit = (name: string) => Promise<void>;

/**
 * Leads somebody past every page in each of its states, whatever the language. The name of a state begins with
 * that of its page.
 */
export async function tour({ app }: Story, { page, ...person }: Person, visited: Visit): Promise<void> {
  async function visit(name: string): Promise<void> {
    // A click waits until the next page has begun, whose style sheet may be on its way still.
    await page.waitForLoadState('load');
    await visited(name);
  }
  const submit = (inside = 'form') => page.locator(`${inside} button:not([type=button])`).click();
  const codeField = page.locator('input[name=code]');
  async function enter(code: string): Promise<void> {
    await codeField.fill(code);
    await submit();
  }

  await person.open('/mfa/challenge');
  await visit('problem: no login to complete');
  await person.signIn('ada');
  await person.open('/mfa/security');
  await visit('security: off');
  app.clock.move(300_000);
  await person.open('/mfa/setup');
  await visit('setup: asks for the password');
  await page.locator('input[name=password]').fill('not this one');
  await submit();
  await visit('setup: wrong password');
  await page.locator('input[name=password]').fill('password of ada');
  await submit();
  await visit('setup: key and QR code');
  const secret = (await page.locator('#mfa-secret').textContent())?.replaceAll(' ', '') ?? '';
  const authenticator = { secret, backupCodes: [], code: () => '' };
  await enter(wrongCode(app, authenticator));
  await visit('setup: wrong code');
  await enter(codeAt(app, authenticator));
  await visit('backup-codes: to be saved');
  const codes = await page.locator('#mfa-codes code').allTextContents();
  await page.locator('form').evaluate('(form) => { form.noValidate = true; }');
  await submit();
  await visit('backup-codes: box not ticked');
  await page.locator('input[type=checkbox]').check();
  await submit();
  await visit('security: on');
  await person.open('/mfa/backup-codes');
  await visit('backup-codes: shown no more');
  app.clock.move(300_000);
  await person.open('/mfa/security');
  for (const summary of await page.locator('summary').all()) await summary.click();
  await visit('security: both forms open');
  const regenerate = 'form[action$="regenerate-backup-codes"]';
  await page.locator(`${regenerate} input[name=password]`).fill('password of ada');
  await page.locator(`${regenerate} input[name=code]`).fill(wrongCode(app, authenticator));
  await submit(regenerate);
  await visit('security: wrong code');

  await person.signOut();
  await person.signIn('ada');
  await visit('challenge: code');
  await enter(wrongCode(app, authenticator));
  await visit('challenge: wrong code');
  await person.open('/mfa/challenge?method=backup_code');
  await visit('challenge: backup code');
  await enter('not a backup code');
  await visit('challenge: malformed backup code');
  await person.open('/mfa/challenge');
  for (let count = 0; count < 5; count++) await enter(wrongCode(app, authenticator));
  await visit('challenge: wait');
  await person.open('/mfa/challenge?method=backup_code');
  await enter(codes[0] ?? '');
  app.clock.move(300_000);
  await person.open('/payment');
  await submit();
  await visit('challenge: step-up');
}
