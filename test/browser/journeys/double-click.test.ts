import { expect, test } from '@jest/globals';
import { codeAt, importUser } from '../../app/imported-user.ts';
import { describeInBrowser, describeWithAndWithoutScript } from '../describe-in-browser.ts';
import { storiesIn } from '../story.ts';

describeInBrowser('a double click on the challenge', (browser) => {
  const begin = storiesIn(browser);

  test('sends the form once, and the person is logged in', async () => {
    let posts = 0;
    const { app, person } = await begin({
      before(host) {
        host.use('/mfa/totp/verify', async (_req, _res, next) => {
          posts++;
          await slow;
          next();
        });
      },
    });
    let goOn: () => void = () => undefined;
    const slow = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const authenticator = await importUser(app, 'ada');
    app.clock.nextStep();
    const ada = await person();
    await ada.signIn('ada');
    await ada.page.getByLabel('Code').fill(codeAt(app, authenticator));
    await ada.page.getByRole('button', { name: 'Continue' }).dblclick({ noWaitAfter: true });
    goOn();
    await ada.page.waitForURL('**/home');
    expect([await ada.heading(), posts]).toEqual(['Home of ada', 1]);
  });
});

describeWithAndWithoutScript('a double click where the answer comes at once', (browser) => {
  const begin = storiesIn(browser);

  test('the person is logged in, or is told to log in again, and can; the code is used once', async () => {
    const { app, person } = await begin();
    const authenticator = await importUser(app, 'ada');
    app.clock.nextStep();
    const ada = await person();
    await ada.signIn('ada');
    await ada.page.getByLabel('Code').fill(codeAt(app, authenticator));
    await ada.page.getByRole('button', { name: 'Continue' }).dblclick({ noWaitAfter: true });
    await ada.page.getByRole('heading', { name: /^(Home of ada|Please log in again)$/ }).waitFor();
    expect(app.events.filter(({ name }) => name === 'challenge.succeeded')).toHaveLength(1);
    expect(app.events.filter(({ name }) => name === 'challenge.failed')).toEqual([]);
    if ((await ada.heading()) === 'Home of ada') return;

    await ada.follow('Log in');
    await ada.page.getByLabel('User').fill('ada');
    await ada.press('Sign in');
    await ada.enterCode(codeAt(app, authenticator, 1));
    expect(await ada.heading()).toBe('Home of ada');
  });
});
