import type { Request, Response } from 'express';
import { renderDocument } from '../pages/document.ts';
import type { Html } from '../pages/html.ts';
import { renderPage } from '../pages/page.ts';
import type { PageName, PageProps, PagePropsOf } from '../pages/page-props.ts';
import type { PageSettings } from './page-settings.ts';
import type { ScreenPage } from './screen.ts';
import { type Answer, sendText } from './send-text.ts';

/** Nothing is loaded but our own style sheet, script and the host's logo, and nobody frames it. */
const ownPolicy =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/** What we add to the host's own policy where the document is the host's: policies only ever add up. */
const addedPolicy = "form-action 'self'; frame-ancestors 'none'";

/** A page, as it is to be sent. */
export interface PageAnswer<Name extends PageName> {
  readonly screen: ScreenPage<Name>;
  readonly props: PageProps;
  /** Whether the host's own frames and pages are asked. After a fault they are not: they may need what is missing. */
  readonly isPlain: boolean;
  readonly answer: Answer;
}

/** Renders a page and sends it, in the host's own frame where there is one. */
export async function sendPage<Name extends PageName>(
  pages: PageSettings,
  { req, res }: { req: Request; res: Response },
  { screen, props, isPlain, answer }: PageAnswer<Name>,
): Promise<void> {
  const all: PagePropsOf<Name> = { ...props, ...screen.details };
  const drawn = isPlain
    ? undefined
    : await drawnByHost(pages, { name: screen.page, props: all }, { req, res });
  // A host's page may have answered by itself, with a redirect say.
  if (res.headersSent) return;
  if (drawn === undefined) {
    const page = renderPage(screen.page, all);
    res.setHeader('Content-Security-Policy', ownPolicy);
    sendText(
      res,
      'text/html',
      renderDocument(page, { issuer: props.issuer, logo: pages.logo }).toString(),
      answer,
    );
    return;
  }
  const policies = [res.getHeader('Content-Security-Policy') ?? [], addedPolicy].flat().map(String);
  res.setHeader('Content-Security-Policy', policies);
  sendText(res, 'text/html', drawn.toString(), answer);
}

async function drawnByHost<Name extends PageName>(
  { own, layout }: PageSettings,
  { name, props }: { name: Name; props: PagePropsOf<Name> },
  context: { req: Request; res: Response },
): Promise<string | Html | undefined> {
  const page = own[name];
  if (page) return page(props, context);
  return layout?.(renderPage(name, props), context);
}
