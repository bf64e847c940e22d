import { type Flow, tell } from './flow.ts';

/**
 * What was kept sealed for a page, or undefined where it cannot be read any more: unlike an account's secret,
 * it can be made anew by the person who asks for the page.
 */
export function ifReadable<T>(flow: Flow, read: () => T): T | undefined {
  try {
    return read();
  } catch {
    tell(flow, 'secret.unreadable', { what: 'secret', intended: flow.intended });
    return undefined;
  }
}
