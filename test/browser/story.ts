import { afterEach } from '@jest/globals';
import type { BrowserContextOptions } from 'playwright-core';
import { browserHost, browserHostPaths } from '../app/browser-host.ts';
import { createTestApp, type TestApp, type TestAppOptions } from '../app/create-test-app.ts';
import type { TestBrowser } from './describe-in-browser.ts';
import { createPerson, type Person } from './person.ts';

/** A host app, and people in front of browsers. */
export interface Story {
  readonly app: TestApp;
  /** Somebody with a browser of their own. */
  person(context?: BrowserContextOptions): Promise<Person>;
  /** Another tab of the same browser. */
  tabOf(person: Person): Promise<Person>;
}

/** Stories in the browser of a block of tests: each has an app of its own, which is closed afterwards. */
export function storiesIn(browser: TestBrowser): (options?: TestAppOptions) => Promise<Story> {
  let apps: TestApp[] = [];
  afterEach(async () => {
    await Promise.all(apps.map((app) => app.close()));
    apps = [];
  });
  return async (options = {}) => {
    const app = await createTestApp({
      ...options,
      mfa: { ...browserHostPaths, ...options.mfa },
      beforeRoutes(host, mfa) {
        options.beforeRoutes?.(host, mfa);
        browserHost(host, mfa);
      },
    });
    apps.push(app);
    return {
      app,
      person: async (context) => createPerson(await browser.open(app, context)),
      tabOf: async ({ page }) => createPerson(await page.context().newPage()),
    };
  };
}
