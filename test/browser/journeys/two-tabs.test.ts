import { expect, test } from '@jest/globals';
import { codeAt, importUser } from '../../app/imported-user.ts';
import { describeWithAndWithoutScript } from '../describe-in-browser.ts';
import { storiesIn } from '../story.ts';

describeWithAndWithoutScript('two tabs', (browser) => {
  const begin = storiesIn(browser);

  test('both ask for the code; when one has it, the other goes on without', async () => {
    const { app, person, tabOf } = await begin();
    const authenticator = await importUser(app, 'ada');
    app.clock.nextStep();
    const first = await person();
    await first.signIn('ada');
    const second = await tabOf(first);
    await second.open('/vault');
    expect(second.where()).toBe('/mfa/challenge?return_to=%2Fvault');

    await first.enterCode(codeAt(app, authenticator));
    expect(first.where()).toBe('/home');
    const before = await app.rawState('ada');
    // Its form belongs to a session that is over: nothing is done with it, and nothing is missing.
    await second.enterCode(codeAt(app, authenticator, 1));
    expect([second.where(), await second.heading()]).toEqual(['/vault', 'The vault']);
    expect(await app.rawState('ada')).toBe(before);
  });

  test('a form of before the login asks again when somebody sends it much later', async () => {
    const { app, person, tabOf } = await begin();
    const authenticator = await importUser(app, 'ada');
    app.clock.nextStep();
    const first = await person();
    await first.signIn('ada');
    const second = await tabOf(first);
    await second.open('/mfa/challenge');
    await first.enterCode(codeAt(app, authenticator));

    app.clock.move(60_000);
    await second.enterCode(codeAt(app, authenticator));
    expect(await second.heading()).toBe('Confirm that it is you');
    expect(await second.page.getByRole('alert').textContent()).toBe(
      'This page had expired, so nothing was done. Please try again.',
    );
    await second.enterCode(codeAt(app, authenticator));
    expect(second.where()).toBe('/home');
  });

  test('somebody logs in as another user in the second tab: the first one cannot finish', async () => {
    const { app, person, tabOf } = await begin();
    const ada = await importUser(app, 'ada');
    await importUser(app, 'bob');
    app.clock.nextStep();
    const first = await person();
    await first.signIn('ada');
    const second = await tabOf(first);
    await second.signIn('bob');
    await first.enterCode(codeAt(app, ada));
    expect(await first.page.getByRole('alert').textContent()).toMatch(/^This page had expired/);
    await first.enterCode(codeAt(app, ada));
    expect(await first.page.getByRole('alert').textContent()).toMatch(/^This code is not right/);
    await first.open('/home');
    expect(await first.heading()).toBe('Home of nobody');
  });
});
