import { expect, test } from '@jest/globals';
import { codeAt, wrongCode } from '../../app/imported-user.ts';
import { describeWithAndWithoutScript } from '../describe-in-browser.ts';
import { storiesIn } from '../story.ts';

describeWithAndWithoutScript('a new phone in place of a lost one', (browser) => {
  const begin = storiesIn(browser);

  test('a slip and a reload, minutes after the log-in, do not end the set-up', async () => {
    const { app, person } = await begin();
    const lost = await app.enrol('ada');
    const ada = await person();
    await ada.signIn('ada');
    await ada.follow('Use a backup code instead');
    await ada.enterCode(lost.backupCodes[0] ?? '');
    await ada.open('/mfa/security');
    await ada.follow('Set up a new authenticator app');
    await ada.press('Begin');
    const key = ada.page.locator('#mfa-secret');
    const groups = await key.textContent();
    const phone = { ...lost, secret: groups?.replaceAll(' ', '') ?? '' };

    app.clock.move(330_000);
    await ada.enterCode(wrongCode(app, phone));
    expect(await ada.page.getByRole('alert').textContent()).toMatch(/^This code is not right/);
    expect(await key.textContent()).toBe(groups);
    await ada.open('/mfa/setup');
    await ada.page.reload();
    expect(await key.textContent()).toBe(groups);
    await ada.open('/mfa/security');
    await ada.follow('Set up a new authenticator app');

    await ada.enterCode(codeAt(app, phone));
    expect([ada.where(), await ada.heading()]).toEqual(['/mfa/backup-codes', 'Your backup codes']);
    await ada.signOut();
    await ada.signIn('ada');
    app.clock.nextStep();
    await ada.enterCode(codeAt(app, phone));
    expect(ada.where()).toBe('/home');
  });
});
