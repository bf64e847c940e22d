import type { Request, RequestHandler } from 'express';
import { Refusal } from './requests.ts';

const harmless = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Lets nothing in that another site has made a browser send. `sameSite` keeps the session's cookie at home, but
 * logging in needs none: without this, any site could log a visitor in as somebody else. The library looks
 * after its own routes by itself.
 */
export const sameSiteOnly: RequestHandler = (req, _res, next) => {
  if (harmless.includes(req.method) || isOwn(req)) return next();
  next(new Refusal(403, 'This came from another site, so nothing was done.'));
};

/** Browsers say where a request comes from. What does not say it must be something that no form can send. */
function isOwn({ headers }: Request): boolean {
  const { origin, host, 'sec-fetch-site': site, 'content-type': type = '' } = headers;
  if (site !== undefined) return site === 'same-origin' || site === 'none';
  if (origin !== undefined) return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
  return /^application\/json\b/i.test(type);
}
