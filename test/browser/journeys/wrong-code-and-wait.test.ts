import { expect, test } from '@jest/globals';
import { codeAt, importUser, wrongCode } from '../../app/imported-user.ts';
import { describeInBrowser, describeWithAndWithoutScript } from '../describe-in-browser.ts';
import type { Person } from '../person.ts';
import { storiesIn } from '../story.ts';

async function guess(person: Person, code: string, times: number): Promise<void> {
  for (let count = 0; count < times; count++) await person.enterCode(code);
}

describeWithAndWithoutScript('wrong codes', (browser) => {
  const begin = storiesIn(browser);

  test('each is told beside the field, then comes the wait, and then the right code is good', async () => {
    const { app, person } = await begin();
    const authenticator = await importUser(app, 'ada');
    app.clock.nextStep();
    const ada = await person();
    await ada.signIn('ada');
    const field = ada.page.getByLabel('Code');
    const alert = ada.page.getByRole('alert');

    await ada.enterCode('12 34');
    expect(await alert.textContent()).toBe('A code has six digits.');
    expect(app.events.map(({ name }) => name)).not.toContain('challenge.failed');

    await guess(ada, wrongCode(app, authenticator), 5);
    expect(await alert.textContent()).toMatch(/^This code is not right/);
    expect(await field.getAttribute('aria-describedby')).toBe('code-error code-hint');
    expect(await ada.page.locator(':focus').getAttribute('id')).toBe('code');
    expect(await field.inputValue()).toBe('');

    await ada.enterCode(codeAt(app, authenticator));
    expect(await alert.textContent()).toBe('Too many attempts. Try again in 30 seconds.');
    expect(ada.where()).toBe('/mfa/totp/verify');

    app.clock.nextStep();
    await ada.enterCode(codeAt(app, authenticator));
    expect(ada.where()).toBe('/home');
  });

  test('during the wait a backup code opens, and the page says so', async () => {
    const { app, person } = await begin();
    const authenticator = await app.enrol('ada');
    const ada = await person();
    await ada.signIn('ada');
    await guess(ada, wrongCode(app, authenticator), 6);
    expect(await ada.page.getByRole('alert').textContent()).toBe(
      'Too many attempts. Try again in 30 seconds. A backup code works even now.',
    );
    await ada.follow('Use a backup code instead');
    await ada.enterCode(authenticator.backupCodes[0] ?? '');
    expect(ada.where()).toBe('/home');
  });
});

describeInBrowser('the countdown of a wait', (browser) => {
  const begin = storiesIn(browser);

  test('the seconds run, and at the end the page says that it is over', async () => {
    const { app, person } = await begin();
    const authenticator = await importUser(app, 'ada');
    const ada = await person();
    await ada.page.clock.install();
    await ada.signIn('ada');
    await guess(ada, wrongCode(app, authenticator), 6);
    const alert = ada.page.getByRole('alert');
    expect(await alert.textContent()).toBe('Too many attempts. Try again in 30 seconds.');
    await ada.page.clock.runFor(10_000);
    expect(await alert.textContent()).toBe('Too many attempts. Try again in 20 seconds.');
    await ada.page.clock.runFor(20_000);
    expect(await alert.textContent()).toBe('You can try again now.');
  });
});
