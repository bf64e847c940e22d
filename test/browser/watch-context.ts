import { setTimeout as delay } from 'node:timers/promises';
import type { BrowserContext, Page } from 'playwright-core';

/** The statuses with which a page itself may be answered, as the HTTP contract has them. */
const refusals = new Set([400, 401, 403, 409, 429, 503]);
const statusInConsole = /^Failed to load resource: the server responded with a status of (\d+)/;

/** Hears everything that a context's pages complain about. */
export interface ContextWatch {
  /** What was complained about since the last call, each time once. */
  takeComplaints(): Promise<string[]>;
}

/**
 * Collects errors and warnings of the console (violations of the CSP are among them, with script or
 * without), exceptions of page scripts and failed requests, of every page of the context.
 */
export function watchContext(context: BrowserContext): ContextWatch {
  let complaints: { text: string; answer?: string }[] = [];
  /** The answers that were pages, as `status url`. */
  const refusedPages = new Set<string>();

  context.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    const { url } = message.location();
    const status = statusInConsole.exec(message.text())?.[1];
    // Chromium asks for the host's icon by itself.
    if (status && url.endsWith('/favicon.ico')) return;
    complaints.push({
      text: `console ${message.type()}: ${message.text()} [${url}]`,
      answer: `${status} ${url}`,
    });
  });
  context.on('weberror', (webError) => complaints.push({ text: `exception: ${webError.error().message}` }));
  context.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText;
    // A download, or somebody who went on before all was there. What a page did wrong is in the console too.
    if (reason === 'net::ERR_ABORTED') return;
    complaints.push({ text: `failed: ${request.method()} ${request.url()} (${reason})` });
  });
  context.on('response', (response) => {
    if (!response.request().isNavigationRequest() || !refusals.has(response.status())) return;
    refusedPages.add(`${response.status()} ${response.url()}`);
  });

  return {
    async takeComplaints() {
      await Promise.all(context.pages().map(untilHeard));
      const taken = complaints.filter(({ answer }) => !answer || !refusedPages.has(answer));
      complaints = [];
      return taken.map(({ text }) => text);
    },
  };
}

/** An answer of the page comes after whatever it said before. */
async function untilHeard(page: Page): Promise<void> {
  // A page that is gone has said everything. One that waits for the next page answers only then.
  const answer = page.evaluate('0').catch(() => undefined);
  await Promise.race([answer, delay(1_000, undefined, { ref: false })]);
}
