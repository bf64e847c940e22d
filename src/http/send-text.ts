import type { Response } from 'express';
import { detachUnsoundSession } from './sound-session.ts';

/** The status of an answer and what it tells besides. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Written by hand: `res.send` adds an ETag, and what is secret must not be compared by caches. */
export function sendText(res: Response, type: string, text: string, answer: Answer): void {
  detachUnsoundSession(res.req);
  setHeaders(res, type, answer);
  res.setHeader('Content-Length', Buffer.byteLength(text));
  res.end(text);
}

/** What every answer of ours says of itself. */
export function setHeaders(res: Response, type: string, { status, headers }: Answer): void {
  res.statusCode = status;
  res.setHeader('Content-Type', `${type}; charset=utf-8`);
  res.setHeader('Cache-Control', 'no-store');
  res.setHeader('Referrer-Policy', 'no-referrer');
  res.setHeader('X-Content-Type-Options', 'nosniff');
  for (const [name, value] of Object.entries(headers ?? {})) res.setHeader(name, value);
}

/** Another place to go to, by GET whatever this request was. */
export function sendRedirect(res: Response, path: string): void {
  sendText(res, 'text/plain', '', { status: 303, headers: { Location: asciiOf(path) } });
}

/** A header takes no other characters; what is encoded already stays as it is. */
function asciiOf(path: string): string {
  return path.replace(/[^!-~]+/g, encodeURIComponent);
}
