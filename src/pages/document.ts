import { type Html, html } from './html.ts';
import type { Page } from './page.ts';

/** What our own frame is made of beside the page. */
export interface Frame {
  readonly issuer: string;
  readonly logo: string | undefined;
  readonly colorScheme: string;
}

/** The frame around a page where the host has none of its own. */
export function renderDocument(page: Page, { issuer, logo, colorScheme }: Frame): Html {
  const { title, lang, dir, head, body } = page;
  return html`<!doctype html>
<html lang="${lang}" dir="${dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="${colorScheme}">
<title>${title}</title>
${head}
</head>
<body class="mfa-document">
<header class="mfa-brand">${logo === undefined ? issuer : html`<img src="${logo}" alt="${issuer}">`}</header>
<main>
${body}
</main>
</body>
</html>
`;
}
