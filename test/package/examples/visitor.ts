import type { Express } from 'express';
import request, { type Response } from 'supertest';

const site = 'http://app.test';

/** Somebody with a browser without script: opens pages, fills in the forms on them, and follows redirects. */
export class Visitor {
  /** Where they are, as the address bar shows it. */
  path = 'about:blank';
  /** What they see. */
  page: Response | undefined;
  readonly #agent: ReturnType<typeof request.agent>;

  constructor(app: Express) {
    this.#agent = request.agent(app);
  }

  get text(): string {
    return this.page?.text ?? '';
  }

  get status(): number | undefined {
    return this.page?.status;
  }

  async open(path: string): Promise<void> {
    await this.#arrive(path, await this.#send('get', path));
  }

  /** Fills in the form of this page that goes to `action` and sends it; what it holds already goes with it, but no box is ticked. */
  async submit(action: string, fields: Readonly<Record<string, string>> = {}): Promise<void> {
    const form = new RegExp(`<form[^>]* action="${action}"[^>]*>(.*?)</form>`, 's').exec(this.text)?.[1];
    if (form === undefined) throw new Error(`There is no form for ${action} on ${this.path}:\n${this.text}`);
    const held = [...form.matchAll(/<input(?![^>]* type="checkbox")([^>]*)>/g)].map(([, input = '']) => [
      attribute(input, 'name') ?? '',
      attribute(input, 'value') ?? '',
    ]);
    const body = new URLSearchParams({ ...Object.fromEntries(held), ...fields });
    const sending = this.#send('post', action)
      .set({ 'Sec-Fetch-Site': 'same-origin', Origin: site, Referer: site + this.path })
      .type('form');
    await this.#arrive(action, await sending.send(body.toString()));
  }

  #send(method: 'get' | 'post', path: string) {
    return this.#agent[method](path)
      .set({ Accept: 'text/html,application/xhtml+xml,*/*;q=0.8', Host: new URL(site).host })
      .redirects(0)
      .ok(() => true);
  }

  async #arrive(path: string, page: Response): Promise<void> {
    if (page.headers.location === undefined) {
      Object.assign(this, { path, page });
      return;
    }
    const { pathname, search, origin } = new URL(page.headers.location, site);
    if (origin !== site) throw new Error(`That leads to another site: ${origin}`);
    await this.open(pathname + search);
  }
}

function attribute(tag: string, name: string): string | undefined {
  const value = new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1];
  return value
    ?.replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
