import { expect, test } from '@jest/globals';
import { codeAt } from '../../app/imported-user.ts';
import { describeWithAndWithoutScript } from '../describe-in-browser.ts';
import { storiesIn } from '../story.ts';

describeWithAndWithoutScript('the security page', (browser) => {
  const begin = storiesIn(browser);

  test('new backup codes: asked for password and code, shown once, the old ones are dead', async () => {
    const { app, person } = await begin();
    const authenticator = await app.enrol('ada');
    app.clock.nextStep();
    const ada = await person();
    await ada.signIn('ada');
    await ada.enterCode(codeAt(app, authenticator));
    app.clock.move(300_000);
    await ada.open('/mfa/security');
    await ada.page.locator('summary').getByText('Make new backup codes').click();
    const form = ada.page.locator('form').filter({ hasText: 'Make new backup codes' });
    await form.getByLabel('Your password').fill('not this one');
    await form.getByLabel(/^Code of the authenticator/).fill(codeAt(app, authenticator));
    await form.getByRole('button').click();
    expect(await ada.page.getByRole('alert').textContent()).toBe('The password is missing or not right.');
    expect(await ada.page.locator(':focus').getAttribute('id')).toBe('regenerate-password');
    expect((await app.state('ada')).backupCodes).toHaveLength(10);

    await form.getByLabel('Your password').fill('password of ada');
    await form.getByLabel(/^Code of the authenticator/).fill(codeAt(app, authenticator));
    await form.getByRole('button').click();
    expect(ada.where()).toBe('/mfa/backup-codes');
    const codes = await ada.page.locator('#mfa-codes code').allTextContents();
    await ada.page.getByLabel('I have saved these codes').check();
    await ada.press('Continue');
    expect(ada.where()).toBe('/mfa/security');

    await ada.signOut();
    await ada.signIn('ada');
    await ada.follow('Use a backup code instead');
    await ada.enterCode(authenticator.backupCodes[0] ?? '');
    expect(await ada.page.getByRole('alert').count()).toBe(1);
    await ada.enterCode(codes[0] ?? '');
    expect(ada.where()).toBe('/home');
  });

  test('turning it off: the next login has one step', async () => {
    const { app, person } = await begin();
    const authenticator = await app.enrol('ada');
    app.clock.nextStep();
    const ada = await person();
    await ada.signIn('ada');
    await ada.enterCode(codeAt(app, authenticator));
    await ada.open('/mfa/security');
    await ada.page.locator('summary').getByText('Turn off the second step').click();
    const form = ada.page.locator('form').filter({ hasText: 'Turn off the second step' });
    expect(await form.getByLabel(/^Code/).count()).toBe(0);
    await form.getByLabel('Your password').fill('password of ada');
    await form.getByRole('button').click();
    expect(ada.where()).toBe('/mfa/security');
    expect(await ada.page.getByText('The second step is off.').count()).toBe(1);
    expect((await app.mfa.service.status('ada')).enrolled).toBe(false);

    await ada.signOut();
    await ada.signIn('ada');
    expect([ada.where(), await ada.heading()]).toEqual(['/home', 'Home of ada']);
  });
});
