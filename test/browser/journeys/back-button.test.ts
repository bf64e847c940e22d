import { expect, test } from '@jest/globals';
import { codeAt } from '../../app/imported-user.ts';
import { describeWithAndWithoutScript } from '../describe-in-browser.ts';
import { storiesIn } from '../story.ts';

describeWithAndWithoutScript(
  'the back button',
  (browser) => {
    const begin = storiesIn(browser);

    test('after a log-out shows nothing of the account', async () => {
      const { app, person, tabOf } = await begin();
      const authenticator = await app.enrol('ada');
      app.clock.nextStep();
      const ada = await person();
      await ada.signIn('ada');
      await ada.enterCode(codeAt(app, authenticator));
      await ada.open('/mfa/security');
      expect(await ada.page.getByText('The second step is on.').count()).toBe(1);
      await ada.open('/home');
      await (await tabOf(ada)).signOut();
      await ada.goBack();
      await ada.page.waitForURL('**/sign-in?return_to=%2Fmfa%2Fsecurity');
      expect(await ada.page.getByText('The second step is on.').count()).toBe(0);
    });

    test('after a log-out right from the backup codes does not show them', async () => {
      const { app, person } = await begin();
      const ada = await person();
      await ada.signIn('ada');
      await ada.open('/mfa/setup');
      await ada.press('Begin');
      const secret = (await ada.page.locator('#mfa-secret').textContent()) ?? '';
      await ada.enterCode(codeAt(app, { secret: secret.replaceAll(' ', '') }));
      const [code] = await ada.page.locator('#mfa-codes code').allTextContents();
      await ada.page.evaluate(`(() => {
        const form = Object.assign(document.createElement('form'), { method: 'post', action: '/sign-out' });
        document.body.append(form);
        form.submit();
      })()`);
      await ada.page.waitForURL('**/home');
      await ada.goBack();
      await ada.page.waitForURL('**/sign-in?**');
      expect(await ada.page.content()).not.toContain(code);
    });

    test('shows neither the key nor the backup codes again', async () => {
      const { app, person } = await begin();
      const ada = await person();
      await ada.signIn('ada');
      await ada.open('/mfa/setup');
      await ada.press('Begin');
      const secret = (await ada.page.locator('#mfa-secret').textContent()) ?? '';
      await ada.enterCode(codeAt(app, { secret: secret.replaceAll(' ', '') }));
      const [code] = await ada.page.locator('#mfa-codes code').allTextContents();
      await ada.page.getByLabel('I have saved these codes').check();
      await ada.press('Continue');
      expect(ada.where()).toBe('/mfa/security');

      await ada.goBack();
      await ada.page.getByRole('heading', { name: 'These codes are not shown again' }).waitFor();
      expect(await ada.page.content()).not.toContain(code);
      await ada.goBack();
      await ada.page.waitForURL('**/mfa/security');
      expect(await ada.page.content()).not.toContain(secret);
    });
  },
  { backForwardCache: true },
);
