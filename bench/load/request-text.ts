import type { Answer } from './connection.ts';

/** What differs from one request to the next. */
export interface RequestParts {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly cookie?: string | undefined;
  readonly body?: unknown;
  /** What the client understands. Default: JSON. */
  readonly accept?: string;
}

/** An HTTP/1.1 request of a browser, as text. */
export function requestText({
  method,
  path,
  cookie,
  body,
  accept = 'application/json',
}: RequestParts): string {
  const json = body === undefined ? '' : JSON.stringify(body);
  const head = [
    `${method} ${path} HTTP/1.1`,
    'Host: localhost',
    `Accept: ${accept}`,
    'Sec-Fetch-Site: same-origin',
    'User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    ...(cookie === undefined ? [] : [`Cookie: ${cookie}`]),
    ...(body === undefined
      ? []
      : ['Content-Type: application/json', `Content-Length: ${Buffer.byteLength(json)}`]),
  ];
  return `${head.join('\r\n')}\r\n\r\n${json}`;
}

/**
 * The session cookie that an answer sets.
 *
 * @throws Error where it sets none.
 */
export function cookieOf({ text }: Answer): string {
  const cookie = /\r\nset-cookie: (connect\.sid=[^;]+)/i.exec(text)?.[1];
  if (cookie === undefined) throw new Error(`An answer that sets no session cookie:\n${text}`);
  return cookie;
}
