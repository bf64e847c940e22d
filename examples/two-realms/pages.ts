import type { Request, Response } from 'express';
import { html } from 'express-mfa';
import { wantsPage } from '../basic/faces.ts';
import { sendPage } from '../basic/pages.ts';

/** The doors. */
export function home(_req: Request, res: Response): void {
  const body = html`<p>Customers and admins log in apart, each with a second step of their own. In one browser
the one login ends the other.</p>
<p><a class="button" href="/shop/orders">The shop</a> <a class="button" href="/admin/customers">The office</a></p>`;
  sendPage(res, { title: 'One app, two realms', body });
}

/** What is behind one of them. */
export function showInside(
  req: Request,
  res: Response,
  { title, json }: { title: string; json: object },
): void {
  if (!wantsPage(req)) return void res.json(json);
  const body = html`<p><code>${JSON.stringify(json)}</code></p>
<p><a href="${req.baseUrl}/mfa/security">Your second step</a></p>
<form method="post" action="${req.baseUrl}/log-out"><button class="quiet">Log out</button></form>`;
  sendPage(res, { title, body });
}
