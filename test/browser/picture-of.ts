import type { Locator, Page } from 'playwright-core';

/** A PNG of what is shown. On a busy machine Chromium now and then says that it could not: then once more. */
export async function pictureOf(shown: Page | Locator, options: { omitBackground?: boolean } = {}) {
  for (let triesLeft = 4; ; triesLeft--) {
    try {
      // A cursor that blinks would be there or not.
      return await shown.screenshot({ animations: 'disabled', caret: 'hide', ...options });
    } catch (error) {
      if (triesLeft === 0 || !String(error).includes('Unable to capture screenshot')) throw error;
    }
  }
}
