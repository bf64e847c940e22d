import { type Browser, chromium } from 'playwright-core';
import { findChromium } from './find-chromium.ts';

/** What a block of tests may set differently. */
export interface LaunchOptions {
  /** Pages may come back as they were left, as they do for people. Playwright turns that off by default. */
  readonly backForwardCache?: boolean;
  /** A name by which Chromium finds this machine, beside `localhost`, and which it does not take for secure. */
  readonly otherName?: string;
}

/** Starts a headless Chromium that talks to nobody but the pages' servers. It ends with this process. */
export async function launchChromium({
  backForwardCache = false,
  otherName,
}: LaunchOptions = {}): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    throw new Error(
      'The browser tests need Chromium, which was not found: run `npm run setup -- --browser`.',
    );
  }
  return chromium.launch({
    executablePath,
    headless: true,
    args: [
      // Its sandbox needs rights that containers and the root user do not have.
      '--no-sandbox',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      ...(otherName === undefined ? [] : [`--host-resolver-rules=MAP ${otherName} 127.0.0.1`]),
    ],
    ignoreDefaultArgs: backForwardCache ? ['--disable-back-forward-cache'] : [],
  });
}
