import { once } from 'node:events';
import { expect } from '@jest/globals';
import type { Express } from 'express';
import type { SessionOptions } from 'express-session';
import type { Browser } from './browser.ts';
import type { TestApp } from './create-test-app.ts';

/** What a host's session cookie may be: to a slow request it makes a difference. */
export interface CookieKind {
  readonly cookie: string;
  readonly session: Partial<SessionOptions>;
  /** Whether the answer to a request that changed the session sets the cookie again, of the session that it began with. */
  readonly setsAgain: boolean;
}

export const cookieKinds: readonly CookieKind[] = [
  { cookie: 'a cookie of the browser session', session: {}, setsAgain: false },
  { cookie: 'a cookie with maxAge', session: { cookie: { maxAge: 3_600_000 } }, setsAgain: true },
];

/** A request that has read the session of its beginning and is going to write that back. */
export interface LongRequest {
  /** Lets it end. */
  end(): Promise<{
    /** Who holds the session that was written back: the browser itself where the slow answer has moved it there. */
    readonly old: Browser;
    /** Who holds what the browser held before the slow answer came. */
    readonly present: Browser;
  }>;
}

/** A request of the host's that changes the session at its beginning and ends when the test says so. */
export function addLongRequest(host: Express): void {
  host.get('/long', async (req, res) => {
    req.session.visits = (req.session.visits ?? 0) + 1;
    const released = once(host, 'long request released');
    host.emit('long request arrived');
    await released;
    res.json({});
  });
}

/** Sends it from `browser`, which follows what the answer says of the cookie. */
export async function startLongRequest(
  { app, sessionOf }: TestApp,
  browser: Browser,
  { setsAgain }: CookieKind,
): Promise<LongRequest> {
  const [sender, old] = [browser.copy(), browser.copy()];
  const arrived = once(app, 'long request arrived');
  const answered = sender.get('/long');
  await arrived;
  return {
    async end() {
      const present = browser.copy();
      app.emit('long request released');
      const cookies = (await answered).headers['set-cookie'];
      // Else the test would prove nothing: the old session is there again.
      expect((await sessionOf(old)).visits).toBe(1);
      expect(cookies).toEqual(setsAgain ? [expect.stringContaining(`${old.cookie}; `)] : undefined);
      if (!setsAgain) return { old, present };
      browser.cookie = sender.cookie;
      return { old: browser, present };
    },
  };
}
