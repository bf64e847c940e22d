import { expect, test } from '@jest/globals';
import { codeAt, importUser } from '../../app/imported-user.ts';
import { describeWithAndWithoutScript } from '../describe-in-browser.ts';
import { storiesIn } from '../story.ts';

describeWithAndWithoutScript('logging in', (browser) => {
  const begin = storiesIn(browser);

  test('with a code, by keyboard alone, and back to the page that was wanted', async () => {
    const { app, person } = await begin();
    const authenticator = await importUser(app, 'ada');
    app.clock.nextStep();
    const ada = await person();
    await ada.open('/vault?door=2');
    expect(ada.where()).toBe('/sign-in?return_to=%2Fvault%3Fdoor%3D2');
    await ada.page.getByLabel('User').fill('ada');
    await ada.press('Sign in');
    expect([ada.where(), await ada.heading()]).toEqual(['/mfa/challenge', 'Second step']);
    // The cursor is in the field already.
    await ada.page.keyboard.type(codeAt(app, authenticator).replace(/(...)/, '$1 '));
    await Promise.all([ada.page.waitForURL('**/vault?door=2'), ada.page.keyboard.press('Enter')]);
    expect(await ada.page.getByText('Opened by ada').count()).toBe(1);
  });

  test('with a backup code, which works once', async () => {
    const { app, person } = await begin();
    const { backupCodes } = await app.enrol('ada');
    const ada = await person();
    await ada.signIn('ada');
    await ada.follow('Use a backup code instead');
    expect(await ada.page.locator(':focus').getAttribute('name')).toBe('code');
    await ada.enterCode(backupCodes[0] ?? '');
    expect(ada.where()).toBe('/home');

    await ada.signOut();
    await ada.signIn('ada');
    await ada.follow('Use a backup code instead');
    await ada.enterCode(backupCodes[0] ?? '');
    // Still the field for a backup code.
    expect(await ada.page.getByLabel('Backup code').getAttribute('aria-invalid')).toBe('true');
    expect(await ada.page.getByRole('alert').textContent()).toBe(
      'This backup code is not right, or was used already.',
    );
    expect((await app.mfa.service.status('ada')).backupCodesRemaining).toBe(9);
    await ada.follow('Use the authenticator app instead');
    expect(await ada.page.getByLabel('Code').getAttribute('inputmode')).toBe('numeric');
  });

  test('a pending login that goes elsewhere is led to the challenge, and then to that page', async () => {
    const { app, person } = await begin();
    const authenticator = await importUser(app, 'ada');
    app.clock.nextStep();
    const ada = await person();
    await ada.signIn('ada');
    await ada.open('/vault');
    expect(ada.where()).toBe('/mfa/challenge?return_to=%2Fvault');
    await ada.enterCode(codeAt(app, authenticator));
    expect(ada.where()).toBe('/vault');
  });

  test('a form that was sent too late: the second step, and then the page that held the form', async () => {
    const { app, person } = await begin();
    const authenticator = await importUser(app, 'ada');
    app.clock.nextStep();
    const ada = await person();
    await ada.signIn('ada');
    await ada.enterCode(codeAt(app, authenticator));
    await ada.open('/payment');
    app.clock.move(300_000);
    await ada.press('Pay');
    expect([ada.where(), await ada.heading()]).toEqual([
      '/mfa/challenge?return_to=%2Fpayment',
      'Confirm that it is you',
    ]);
    await ada.enterCode(codeAt(app, authenticator));
    expect(ada.where()).toBe('/payment');
    await ada.press('Pay');
    expect(ada.where()).toBe('/paid');
  });

  test('a page for which a second factor is missing: the set-up, the codes, and then that page', async () => {
    const { app, person } = await begin();
    const ada = await person();
    await ada.signIn('ada');
    await ada.open('/vault');
    expect(ada.where()).toBe('/mfa/setup?return_to=%2Fvault');
    await ada.press('Begin');
    const secret = (await ada.page.locator('#mfa-secret').textContent())?.replaceAll(' ', '') ?? '';
    await ada.enterCode(codeAt(app, { secret }));
    expect(ada.where()).toBe('/mfa/backup-codes?return_to=%2Fvault');
    await ada.page.getByLabel('I have saved these codes').check();
    await ada.press('Continue');
    expect([ada.where(), await ada.heading()]).toEqual(['/vault', 'The vault']);
  });
});
