import { expect, test } from '@jest/globals';
import { describeInBrowser } from './describe-in-browser.ts';
import type { Person } from './person.ts';
import { storiesIn } from './story.ts';
import { tour } from './tour.ts';

/** All that can be used on a page, as it stands there, by what somebody would call it. */
const allControls = `(() => {
  const controls = document.querySelectorAll('a[href], button, input:not([type=hidden]), summary');
  return [...controls].filter((control) => control.checkVisibility()).map(${nameOf()});
})()`;

/** What has the focus, and whether that can be seen. */
const focused = `(() => {
  const control = document.activeElement;
  if (!control || control === document.body) return null;
  const { outlineStyle, outlineWidth } = getComputedStyle(control);
  return { name: (${nameOf()})(control), isVisible: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2 };
})()`;

function nameOf(): string {
  return "(control) => control.localName + ' ' + (control.id || control.textContent.trim())";
}

/** Chromium puts the cursor where the page wants it a moment after the page is there. */
async function cursorIsPut({ page }: Person): Promise<void> {
  if ((await page.locator('[autofocus]').count()) > 0) await page.locator('[autofocus]:focus').waitFor();
}

async function tabThrough({ page }: Person): Promise<string[]> {
  // From the top, wherever the page has put the cursor.
  await page.evaluate('document.activeElement.blur(); document.body.tabIndex = -1; document.body.focus()');
  await page.evaluate('document.body.removeAttribute("tabindex")');
  const names: string[] = [];
  for (;;) {
    await page.keyboard.press('Tab');
    const control = await page.evaluate<{ name: string; isVisible: boolean } | null>(focused);
    if (!control || names.includes(control.name) || names.length > 30) return names;
    expect(control).toEqual({ name: control.name, isVisible: true });
    names.push(control.name);
  }
}

describeInBrowser('by keyboard alone', (browser) => {
  const begin = storiesIn(browser);

  test('everything on every page is reached, in the order in which it stands there, and the focus is seen', async () => {
    const story = await begin();
    const ada = await story.person();
    await tour(story, ada, async (name) => {
      await cursorIsPut(ada);
      const controls = await ada.page.evaluate<string[]>(allControls);
      expect([name, await tabThrough(ada)]).toEqual([name, controls]);
      expect(controls.length).toBeGreaterThan(0);
    });
  });

  test('the cursor waits in the field that is asked for, or in the one that was wrong', async () => {
    const story = await begin();
    const ada = await story.person();
    const waitsIn: Record<string, string | undefined> = {};
    await tour(story, ada, async (name) => {
      await cursorIsPut(ada);
      waitsIn[name] = (await ada.page.evaluate<{ name: string } | null>(focused))?.name;
    });
    expect(waitsIn).toMatchObject({
      'challenge: code': 'input code',
      'challenge: wrong code': 'input code',
      'challenge: backup code': 'input code',
      'challenge: malformed backup code': 'input code',
      'challenge: wait': 'input code',
      'challenge: step-up': 'input code',
      'setup: asks for the password': undefined,
      'setup: wrong password': 'input password',
      'setup: wrong code': 'input code',
      'backup-codes: box not ticked': 'input saved',
      'security: wrong code': 'input regenerate-code',
    });
  });
});
