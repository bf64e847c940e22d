import { backupCodesPage, backupCodesTitle } from './backup-codes.ts';
import { challengePage, challengeTitle } from './challenge.ts';
import { type Html, html } from './html.ts';
import type { PageName, PageProps, PagePropsOf } from './page-props.ts';
import { problemPage, problemTitle } from './problem.ts';
import { securityPage } from './security.ts';
import { setupPage } from './setup.ts';

/** One page of ours as a piece to be put into a frame. */
export interface Page {
  readonly name: PageName;
  /** For the `title` of the document. */
  readonly title: string;
  /** The language of the page, a BCP 47 tag, and the direction of its script: they belong on the `html` element. */
  readonly lang: string;
  readonly dir: 'ltr' | 'rtl';
  /** For the `head` of the document: our style sheet and script, and that forms may tell where they come from. */
  readonly head: Html;
  /** The page itself: one element, which begins with an `h1`. */
  readonly body: Html;
}

interface Template<Name extends PageName> {
  readonly title: (props: PagePropsOf<Name>) => string;
  readonly body: (props: PagePropsOf<Name>) => Html;
}

const templates: { readonly [Name in PageName]: Template<Name> } = {
  challenge: { title: challengeTitle, body: challengePage },
  setup: { title: ({ messages }) => messages.setupTitle, body: setupPage },
  backupCodes: { title: backupCodesTitle, body: backupCodesPage },
  security: { title: ({ messages }) => messages.securityTitle, body: securityPage },
  problem: { title: problemTitle, body: problemPage },
};

/** Renders a page: props in, HTML out. */
export function renderPage<Name extends PageName>(name: Name, props: PagePropsOf<Name>): Page {
  const template: Template<Name> = templates[name];
  return {
    name,
    title: `${template.title(props)} · ${props.issuer}`,
    lang: props.locale,
    dir: props.messages.direction,
    head: headOf(props),
    body: html`<section class="mfa" lang="${props.locale}" dir="${props.messages.direction}" data-mfa-page="${name}">
${template.body(props)}
</section>`,
  };
}

function headOf({ path }: PageProps): Html {
  // Under `no-referrer`, which is our header, browsers hide the origin of a form from its own site.
  return html`<meta name="referrer" content="same-origin">
<link rel="stylesheet" href="${path}/style.css">
<script src="${path}/script.js" defer></script>`;
}
