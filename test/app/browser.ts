import request, { type Response } from 'supertest';

type Headers = Readonly<Record<string, string>>;

/** Sends what a browser would, and keeps the session cookie. */
export class Browser {
  /** The present session cookie as it would be sent, `sid=...`; empty for none. */
  cookie = '';
  /** What every request carries. */
  headers: Headers;
  readonly #url: string;

  constructor(url: string, headers: Headers = { 'Sec-Fetch-Site': 'same-origin' }) {
    this.#url = url;
    this.headers = headers;
  }

  /** Another browser that holds the same cookie: a second tab, or a thief. */
  copy(): Browser {
    const other = new Browser(this.#url, this.headers);
    other.cookie = this.cookie;
    return other;
  }

  /** The id of the present session, as the store knows it. */
  get sessionId(): string {
    const value = decodeURIComponent(this.cookie.split('=')[1] ?? '');
    return value.startsWith('s:') ? (value.slice(2).split('.')[0] ?? '') : '';
  }

  get(path: string, headers: Headers = {}): Promise<Response> {
    return this.send('GET', path, undefined, headers);
  }

  post(path: string, body?: object | string, headers: Headers = {}): Promise<Response> {
    return this.send('POST', path, body, headers);
  }

  delete(path: string, body?: object | string, headers: Headers = {}): Promise<Response> {
    return this.send('DELETE', path, body, headers);
  }

  /** An object goes as JSON; a string as it is, with the `Content-Type` of `headers`. */
  async send(method: string, path: string, body?: object | string, headers: Headers = {}): Promise<Response> {
    let sending = request(this.#url)
      [methodOf(method)](path)
      .set(this.headers)
      .redirects(0)
      .ok(() => true);
    if (this.cookie !== '') sending = sending.set('Cookie', this.cookie);
    if (typeof body === 'object') sending = sending.set('Content-Type', 'application/json');
    sending = sending.set(headers);
    const response = await (body === undefined ? sending : sending.send(body));
    // Of several the last one holds.
    const set = [response.headers['set-cookie'] ?? []].flat().findLast((cookie) => cookie.startsWith('sid='));
    if (set !== undefined) this.cookie = set.split(';')[0] ?? '';
    return response;
  }
}

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete' | 'head' | 'options';

function methodOf(name: string): Method {
  return name.toLowerCase() as Method;
}
