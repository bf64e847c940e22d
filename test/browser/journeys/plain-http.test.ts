import { expect, test } from '@jest/globals';
import { describeWithAndWithoutScript } from '../describe-in-browser.ts';
import { storiesIn } from '../story.ts';

// Over plain HTTP, other than for localhost, browsers send no Sec-Fetch-Site: a phone in the developer's network.
describeWithAndWithoutScript(
  'an app that is reached by plain HTTP and a name of its own',
  (browser) => {
    const begin = storiesIn(browser);

    test('takes the forms of its pages', async () => {
      const { app, person } = await begin();
      const site = `http://app.test:${new URL(app.url).port}`;
      const ada = await person({ baseURL: site });
      const sent: Record<string, string>[] = [];
      ada.page.on('request', (request) => {
        if (request.url() === `${site}/mfa/totp/enroll`) sent.push(request.headers());
      });
      await ada.signIn('ada');
      await ada.open('/mfa/setup');
      await ada.press('Begin');
      expect(await ada.page.locator('#mfa-secret').count()).toBe(1);
      expect(sent.map((headers) => [headers.origin, headers['sec-fetch-site']])).toEqual([[site, undefined]]);
    });
  },
  { otherName: 'app.test' },
);
