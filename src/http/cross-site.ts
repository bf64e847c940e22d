import type { Request } from 'express';
import { headerOf } from './header.ts';

/**
 * Whether a browser may have been made to send this by another site. Browsers say so themselves
 * (`Sec-Fetch-Site`); older ones name the origin; what comes without either must at least be something that
 * a form cannot send. What counts is the header, not what the host's parser made of the body.
 */
export function isCrossSite(req: Pick<Request, 'headers'>, trustedOrigins: ReadonlySet<string>): boolean {
  const origin = headerOf(req, 'origin');
  const site = headerOf(req, 'sec-fetch-site');
  if (origin !== undefined && trustedOrigins.has(origin)) return false;
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  if (origin !== undefined) return hostOf(origin) !== headerOf(req, 'host')?.toLowerCase();
  return !/^application\/json[ \t]*(?:;|$)/i.test(headerOf(req, 'content-type') ?? '');
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
