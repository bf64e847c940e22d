import { askHost } from '../ask-host.ts';
import type { Deadline } from '../deadline.ts';
import { renderDocument } from '../pages/document.ts';
import { isHtml } from '../pages/html.ts';
import { renderPage } from '../pages/page.ts';
import type { PageName, PageProps, PagePropsOf } from '../pages/page-props.ts';
import { answersByItself, ignoreWhatFollows } from './answered-by-host.ts';
import type { PageContext, PageSettings } from './page-settings.ts';
import type { ScreenPage } from './screen.ts';
import { type Answer, sendText, setHeaders } from './send-text.ts';

/** Nothing is loaded but our own style sheet, script and the host's logo, and nobody frames it. */
const strictPolicy =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'";

/** A page, as it is to be sent. */
export interface PageAnswer<Name extends PageName> {
  readonly screen: ScreenPage<Name>;
  readonly props: PageProps;
  /** Whether the host's own frames and pages are asked. After a fault they are not: they may need what is missing. */
  readonly isFault: boolean;
  readonly answer: Answer;
  readonly deadline: Deadline;
}

/** Renders a page and sends it, in the host's own frame where there is one. */
export async function sendPage<Name extends PageName>(
  pages: PageSettings,
  { req, res }: PageContext,
  { screen, props, isFault, answer, deadline }: PageAnswer<Name>,
): Promise<void> {
  // A page of the host's that has answered, and then failed.
  if (res.headersSent) return;
  const all: PagePropsOf<Name> = { ...props, ...screen.details };
  // Chromium looks at where a form leads in the end, too.
  const policy = `form-action ${["'self'", ...pages.formTargets].join(' ')}; frame-ancestors 'none'`;
  const draw = isFault ? undefined : drawnByHost(pages, screen.page, all);
  if (!draw) {
    const page = renderPage(screen.page, all);
    const { logo, colorScheme } = pages;
    const document = renderDocument(page, { issuer: props.issuer, logo, colorScheme });
    res.setHeader('Content-Security-Policy', `${strictPolicy}; ${policy}`);
    sendText(res, 'text/html', document.toString(), answer);
    // What failed or came too late may still be under way.
    if (isFault) ignoreWhatFollows(res);
    return;
  }
  // Policies only ever add up: the host's own stands.
  const policies = [res.getHeader('Content-Security-Policy') ?? [], policy].flat().map(String);
  res.setHeader('Content-Security-Policy', policies);
  setHeaders(res, 'text/html', answer);
  const document = await askHost(deadline, draw.hook, () => draw.call({ req, res }));
  // It has answered, or is about to: `res.render` and `res.redirect` give nothing.
  if (document === undefined && (await answersByItself(res, deadline))) return;
  if (res.headersSent) return;
  if (document === undefined)
    throw new Error(
      `\`${draw.hook}\` gave nothing and did not answer in time: return the HTML, or call res.render.`,
    );
  if (typeof document !== 'string' && !isHtml(document)) {
    throw new TypeError(
      'A `layout` or page must give text, HTML made by the `html` tag, or answer by itself.',
    );
  }
  sendText(res, 'text/html', document.toString(), answer);
}

interface Draw {
  readonly hook: string;
  readonly call: (context: PageContext) => unknown;
}

function drawnByHost<Name extends PageName>(
  { replaced, layout }: PageSettings,
  name: Name,
  props: PagePropsOf<Name>,
): Draw | undefined {
  const page = replaced[name];
  if (page) return { hook: `pages.${name}`, call: (context) => page(props, context) };
  return layout && { hook: 'layout', call: (context) => layout(renderPage(name, props), context) };
}
