import type { Request } from 'express';
import { withQuery } from '../pages/with-query.ts';
import { answersHtml } from './answers-html.ts';
import type { Denial } from './denial.ts';
import { headerOf } from './header.ts';
import { send } from './reply.ts';
import { carriedPath } from './return-to.ts';
import { problemScreen } from './screens/problem.ts';
import { sendRedirect } from './send-text.ts';
import type { HttpSettings } from './settings.ts';
import { type Exchange, show } from './show.ts';
import { denialReply } from './with-user.ts';

/** What the guard answers: a program hears what is missing, a browser is led to where it can be done, and back. */
export async function sendDenial(settings: HttpSettings, exchange: Exchange, denial: Denial): Promise<void> {
  const { req, res } = exchange;
  if (!answersHtml(settings, req)) return send(res, denialReply(denial));
  if (denial.status < 500) {
    return sendRedirect(res, withQuery(denial.redirectTo, { return_to: wantedPage(req) }));
  }
  const href = wantedPage(req) ?? settings.homePath;
  const screen = problemScreen(denial.errorType, { href, text: 'tryAgain' });
  await show(settings, exchange, { screen, isFault: true });
}

/** The page that a browser wanted to see; for a form that it has sent, the page that held the form. */
function wantedPage(req: Request): string | undefined {
  if (req.method === 'GET' || req.method === 'HEAD') return carriedPath(req.originalUrl);
  const referer = headerOf(req, 'referer');
  if (referer === undefined || !URL.canParse(referer)) return undefined;
  const { host: from, pathname, search } = new URL(referer);
  return from === headerOf(req, 'host')?.toLowerCase() ? carriedPath(pathname + search) : undefined;
}
