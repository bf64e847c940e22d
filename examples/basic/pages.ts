import type { Response } from 'express';
import { type Html, html } from 'express-mfa';

/** A page of the app. The library's pages are its own, and look like themselves. */
export interface AppPage {
  readonly title: string;
  readonly body: Html;
}

/** Nothing is loaded but the app's style sheet, nobody frames the page, and its forms go nowhere else. */
const policy =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** Sends a page in the frame that all pages of the app have. */
export function sendPage(res: Response, page: AppPage, status = 200): void {
  res
    .status(status)
    .set({
      'Content-Security-Policy': policy,
      // The back button shows nothing after a log-out.
      'Cache-Control': 'no-store',
      // Other sites do not see addresses, which may hold tokens. The guard does: after a form that came too
      // early it leads back to the page that held it.
      'Referrer-Policy': 'same-origin',
      'X-Content-Type-Options': 'nosniff',
    })
    .type('html')
    .send(frame(page).toString());
}

function frame({ title, body }: AppPage): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} – The example app</title>
<link rel="stylesheet" href="/app.css">
</head>
<body>
<header><a href="/">The example app</a></header>
<main>
<h1>${title}</h1>
${body}
</main>
<footer>Pages with the green bar are the app’s own: <code>examples/</code>. Pages without it, below
<code>/mfa</code>, come from the library as they are.</footer>
</body>
</html>
`;
}
