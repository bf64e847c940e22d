import { once } from 'node:events';
import type { Response } from 'express';
import { deadlineMs } from '../deadline.ts';

/**
 * Waits for an answer that a hook of the host's gives by itself, as `res.render` does a moment later.
 *
 * @throws Error where none is begun in time. What the host answers after that does nothing.
 */
export async function answeredByHost(res: Response): Promise<void> {
  if (await begins(res)) return;
  throw new Error(
    `A \`layout\` or page gave nothing and did not answer within ${deadlineMs / 1_000} seconds: return the HTML, or call res.render.`,
  );
}

async function begins(res: Response): Promise<boolean> {
  // A response that is over closes; so does one whose client has gone, and nobody waits for that.
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), deadlineMs);
  try {
    if (!res.headersSent && !res.destroyed) await once(res, 'close', { signal: over.signal });
    return true;
  } catch {
    return res.headersSent;
  } finally {
    clearTimeout(timer);
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
