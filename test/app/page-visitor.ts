import type { Response } from 'supertest';
import type { Browser } from './browser.ts';
import type { TestApp } from './create-test-app.ts';

const asForm = { 'Content-Type': 'application/x-www-form-urlencoded' };
const asBrowser = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

/** Somebody who looks at pages and sends their forms, without a real browser. */
export interface PageVisitor {
  readonly browser: Browser;
  /** The last answer that was a page. */
  page(): Response;
  get(path: string): Promise<Response>;
  /** Sends the form of the last page that goes to `action`, with what it holds and these fields. */
  submit(action: string, fields?: Readonly<Record<string, string>>): Promise<Response>;
  /** What the forms of the last page would send: the hidden fields of the one that goes to `action`. */
  hidden(action: string): Record<string, string>;
}

export function visit(browser: Browser): PageVisitor {
  browser.headers = { ...browser.headers, ...asBrowser };
  let last: Response | undefined;
  function keep(response: Response): Response {
    if (response.type === 'text/html') last = response;
    return response;
  }
  function page(): Response {
    if (!last) throw new Error('No page was seen yet.');
    return last;
  }
  function hidden(action: string): Record<string, string> {
    const form = page()
      .text.split('<form')
      .find((part) => part.includes(`action="/mfa${action}"`));
    if (form === undefined) throw new Error(`The page has no form for ${action}.`);
    const fields = [...form.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)];
    return Object.fromEntries(fields.map(([, name, value = '']) => [name, value.replaceAll('&amp;', '&')]));
  }
  return {
    browser,
    page,
    hidden,
    get: async (path) => keep(await browser.get(path)),
    async submit(action, fields = {}) {
      const body = new URLSearchParams({ ...hidden(action), ...fields }).toString();
      return keep(await browser.post(`/mfa${action}`, body, asForm));
    },
  };
}

/** A visitor whose password was given. */
export async function signedIn(app: TestApp, user: string): Promise<PageVisitor> {
  return visit(await app.pending(user));
}

/** A visitor whose first step was no password. */
export async function signedInElsewhere(app: TestApp, user: string): Promise<PageVisitor> {
  const visitor = visit(app.browser());
  await visitor.browser.post('/other-login', { user, via: 'sso' });
  return visitor;
}

/** What the page says is wrong. */
export function alertOf({ text }: Response): string | undefined {
  return /role="alert"[^>]*>(.*?)<\/(?:strong|p)>/s
    .exec(text)?.[1]
    ?.replace(/<[^>]+>/g, '')
    .trim();
}

export function headingOf({ text }: Response): string | undefined {
  return /<h1>(.*?)<\/h1>/.exec(text)?.[1];
}
