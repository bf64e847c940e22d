import { once } from 'node:events';
import type { Response } from 'express';
import type { Deadline } from '../deadline.ts';

/**
 * Whether a hook of the host's begins an answer by itself while there is time, as `res.render` does a moment later.
 * What it answers after that must do nothing: {@link ignoreWhatFollows}.
 */
export async function answersByItself(res: Response, deadline: Deadline): Promise<boolean> {
  // A response that is over closes; so does one whose client has gone, and nobody waits for that.
  const over = new AbortController();
  try {
    if (!res.headersSent && !res.destroyed) {
      await deadline.run(() => once(res, 'close', { signal: over.signal }));
    }
    return true;
  } catch {
    return res.headersSent;
  } finally {
    over.abort();
  }
}

/** For an answer that was given in the host's stead: writing to it once more would throw where nobody catches. */
export function ignoreWhatFollows(res: Response): void {
  const ignore = () => res;
  for (const name of [
    'setHeader',
    'appendHeader',
    'removeHeader',
    'writeHead',
    'flushHeaders',
    'write',
    'end',
  ]) {
    Object.defineProperty(res, name, { value: ignore, configurable: true });
  }
}
