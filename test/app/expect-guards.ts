import { expect } from '@jest/globals';
import type { Browser } from './browser.ts';
import type { TestApp } from './create-test-app.ts';

/** Those of the test app: plain, with a `maxAge` of five minutes, and both for users without a second factor too. */
export const everyGuard = ['/private', '/sensitive', '/lenient', '/lenient-sensitive'] as const;

type Guarded = readonly (typeof everyGuard)[number][];

/** 401 of each, and nothing behind them was reached. */
export async function expectDenied(app: TestApp, browser: Browser, paths: Guarded): Promise<void> {
  const reached = app.reached();
  expect(await statuses(browser, paths)).toEqual(paths.map((path) => [path, 401]));
  expect(app.reached()).toBe(reached);
}

export async function expectPasses(browser: Browser, paths: Guarded): Promise<void> {
  expect(await statuses(browser, paths)).toEqual(paths.map((path) => [path, 200]));
}

async function statuses(browser: Browser, paths: Guarded): Promise<[string, number][]> {
  const found: [string, number][] = [];
  for (const path of paths) found.push([path, (await browser.get(path)).status]);
  return found;
}
