import { type Html, html } from './html.ts';
import type { Page } from './page.ts';

/** The frame around a page where the host has none of its own. */
export function renderDocument(page: Page, brand: { issuer: string; logo: string | undefined }): Html {
  const { title, lang, dir, head, body } = page;
  return html`<!doctype html>
<html lang="${lang}" dir="${dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
${head}
</head>
<body class="mfa-document">
<header class="mfa-brand">${brand.logo === undefined ? brand.issuer : html`<img src="${brand.logo}" alt="${brand.issuer}">`}</header>
<main>
${body}
</main>
</body>
</html>
`;
}
