import { afterAll, afterEach, describe, expect } from '@jest/globals';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { findChromium } from './find-chromium.ts';
import { type LaunchOptions, launchChromium } from './launch-chromium.ts';
import { type ContextWatch, watchContext } from './watch-context.ts';

/** The Chromium of a block of tests. */
export interface TestBrowser {
  /** Whether the pages' scripts run. */
  readonly javaScript: boolean;
  /**
   * A page in a context of its own (no cookies), to which the server is `http://localhost:<port>`: paths are
   * enough for `goto`. A second tab: `page.context().newPage()`. All are closed after the test, which fails
   * if one of them complained.
   */
  open(server: { readonly url: string }, options?: BrowserContextOptions): Promise<Page>;
  /** What the pages of this page's context complained about, so that the test does not fail for it. */
  takeComplaints(page: Page): Promise<string[]>;
}

type Story = (browser: TestBrowser) => void;

/**
 * `describe`, with a Chromium that is started when a test opens a page. Where there is none, the tests are
 * skipped; they fail instead where the variable BROWSER_TESTS is `required`.
 */
export function describeInBrowser(title: string, story: Story, options: LaunchOptions = {}): void {
  describeWhereChromiumIs(title, () => story(testBrowser({ javaScript: true, ...options })));
}

/** The same story twice: with the pages' scripts, and with JavaScript turned off. */
export function describeWithAndWithoutScript(title: string, story: Story, options: LaunchOptions = {}): void {
  describeWhereChromiumIs(title, () => {
    describe('with JavaScript', () => story(testBrowser({ javaScript: true, ...options })));
    describe('without JavaScript', () => story(testBrowser({ javaScript: false, ...options })));
  });
}

function describeWhereChromiumIs(title: string, block: () => void): void {
  const isMissing = findChromium() === undefined && process.env.BROWSER_TESTS !== 'required';
  if (!isMissing) describe(title, block);
  // The summary of the run tells the reason in brackets.
  else describe.skip(`${title} (skipped: there is no Chromium: npm run setup -- --browser)`, block);
}

function testBrowser({ javaScript, ...options }: LaunchOptions & { javaScript: boolean }): TestBrowser {
  let launched: Promise<Browser> | undefined;
  const watches = new Map<BrowserContext, ContextWatch>();

  afterEach(async () => {
    const opened = [...watches];
    watches.clear();
    const complaints = await Promise.all(opened.map(([, watch]) => watch.takeComplaints()));
    await Promise.all(opened.map(([context]) => context.close()));
    expect({ complaints: complaints.flat() }).toEqual({ complaints: [] });
  });
  afterAll(async () => {
    // A launch that failed has failed the tests already.
    const browser = await launched?.catch(() => undefined);
    await browser?.close();
  });

  return {
    javaScript,
    async open(server, contextOptions) {
      launched ??= launchChromium(options);
      const browser = await launched;
      const { port } = new URL(server.url);
      const context = await browser.newContext({
        baseURL: `http://localhost:${port}`,
        javaScriptEnabled: javaScript,
        ...contextOptions,
      });
      // What is waited for in vain is named long before jest loses patience.
      context.setDefaultTimeout(10_000);
      watches.set(context, watchContext(context));
      return context.newPage();
    },
    async takeComplaints(page) {
      const watch = watches.get(page.context());
      if (!watch) throw new Error('Only pages that this browser opened in this test are watched.');
      return watch.takeComplaints();
    },
  };
}
