import type { IncomingMessage } from 'node:http';

type SingleHeader =
  | 'accept'
  | 'content-length'
  | 'content-type'
  | 'host'
  | 'origin'
  | 'referer'
  | 'sec-fetch-site'
  | 'transfer-encoding'
  | 'user-agent';

/** A header that the client has sent, and not one that somebody has put on `Object.prototype`. */
export function headerOf(
  { headers }: Pick<IncomingMessage, 'headers'>,
  name: SingleHeader,
): string | undefined {
  return Object.hasOwn(headers, name) ? headers[name] : undefined;
}
