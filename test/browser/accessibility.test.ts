import { expect, test } from '@jest/globals';
import { axeViolations } from './axe-violations.ts';
import { describeInBrowser } from './describe-in-browser.ts';
import { storiesIn } from './story.ts';
import { tour } from './tour.ts';

describeInBrowser('every page in every state', (browser) => {
  const begin = storiesIn(browser);

  test.each([
    ['light', 'en'],
    ['dark', 'en'],
    ['light', 'ar'],
    ['dark', 'ar'],
  ] as const)('is accessible by the rules of axe: %s, %s', async (colorScheme, locale) => {
    const story = await begin();
    const ada = await story.person({ colorScheme, locale });
    const found: unknown[] = [];
    const seen: string[] = [];
    await tour(story, ada, async (name) => {
      seen.push(name);
      const html = ada.page.locator('html');
      expect(await html.getAttribute('lang')).toBe(locale);
      expect(await html.getAttribute('dir')).toBe(locale === 'ar' ? 'rtl' : 'ltr');
      for (const violation of await axeViolations(ada.page)) found.push({ name, ...violation });
    });
    expect(found).toEqual([]);
    expect(seen).toHaveLength(18);
  });

  test.each(['en', 'de', 'ar'])(
    'fits into 320 pixels, and so a zoom of 200 %% on 640: %s',
    async (locale) => {
      const story = await begin();
      const ada = await story.person({ locale, viewport: { width: 320, height: 640 } });
      await tour(story, ada, async (name) => {
        const width = await ada.page.evaluate('document.scrollingElement.scrollWidth');
        expect([name, width]).toEqual([name, 320]);
      });
    },
  );

  test('has the strict content security policy, and nothing else may be kept or seen by others', async () => {
    const story = await begin();
    const ada = await story.person();
    const policies = new Set<string | undefined>();
    ada.page.on('response', (response) => {
      const { pathname } = new URL(response.url());
      const isPage = pathname.startsWith('/mfa/') && response.request().resourceType() === 'document';
      if (isPage && response.status() !== 303) policies.add(response.headers()['content-security-policy']);
    });
    await tour(story, ada, async () => undefined);
    expect([...policies]).toEqual([
      "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    ]);
  });
});
