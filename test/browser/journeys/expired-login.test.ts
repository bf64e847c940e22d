import { expect, test } from '@jest/globals';
import { codeAt, importUser } from '../../app/imported-user.ts';
import { describeWithAndWithoutScript } from '../describe-in-browser.ts';
import { storiesIn } from '../story.ts';

describeWithAndWithoutScript('a login that waits too long', (browser) => {
  const begin = storiesIn(browser);

  test('a code after ten minutes leads back to the login, with a sentence', async () => {
    const { app, person } = await begin();
    const authenticator = await importUser(app, 'ada');
    const ada = await person();
    await ada.signIn('ada');
    app.clock.move(600_000);
    await ada.enterCode(codeAt(app, authenticator));
    expect([ada.where(), await ada.heading()]).toEqual(['/mfa/challenge', 'Please log in again']);
    expect(await ada.page.getByRole('alert').textContent()).toMatch(/^Your login has ended/);
    await ada.open('/home');
    expect(await ada.heading()).toBe('Home of nobody');

    await ada.open('/mfa/challenge');
    await ada.follow('Log in');
    await ada.page.getByLabel('User').fill('ada');
    await ada.press('Sign in');
    await ada.enterCode(codeAt(app, authenticator));
    expect(ada.where()).toBe('/home');
  });

  test('a guest who opens the challenge reads the same', async () => {
    const { person } = await begin();
    const guest = await person();
    await guest.open('/mfa/challenge');
    expect(await guest.heading()).toBe('Please log in again');
    await guest.follow('Log in');
    expect(guest.where()).toBe('/sign-in');
  });
});
