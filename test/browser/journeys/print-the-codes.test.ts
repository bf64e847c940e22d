import { expect, test } from '@jest/globals';
import { codeAt } from '../../app/imported-user.ts';
import { describeInBrowser } from '../describe-in-browser.ts';
import { storiesIn } from '../story.ts';

describeInBrowser('backup codes on paper', (browser) => {
  const begin = storiesIn(browser);

  test('say for which app they are, whose and of which day, in black on a dark screen as well', async () => {
    const { app, person } = await begin();
    const { page, ...ada } = await person({ colorScheme: 'dark' });
    await ada.signIn('ada');
    await ada.open('/mfa/setup');
    await ada.press('Begin');
    const secret = (await page.locator('#mfa-secret').textContent())?.replaceAll(' ', '') ?? '';
    await ada.enterCode(codeAt(app, { secret }));
    // With its style sheet, which a click does not wait for.
    await page.waitForLoadState('load');
    const codes = await page.locator('#mfa-codes code').allTextContents();
    expect(codes).toHaveLength(10);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const day = new Intl.DateTimeFormat('en', { dateStyle: 'long' }).format(app.clock.now());
    const printed = (await page.locator('body').innerText()).split(/\n+/);
    expect(printed).toEqual(['Acme', 'Your backup codes', 'Acme', 'ada@example.com', day, ...codes]);
    for (const shown of ['.mfa-brand', 'h1', '.mfa-codes-of bdi', '.mfa-codes code']) {
      const color = await page.evaluate(`getComputedStyle(document.querySelector('${shown}')).color`);
      expect([shown, color]).toEqual([shown, 'rgb(0, 0, 0)']);
    }
  });
});
