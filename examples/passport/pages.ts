import { html } from 'express-mfa';
import { loginPage } from '../basic/login-pages.ts';
import type { AppPage } from '../basic/pages.ts';

/** The login of the basic example, and the other way in. */
export const page = loginPage({
  title: 'Log in',
  action: '/login',
  fields: html`<p><label><input type="checkbox" name="remember" value="true"> Remember me</label></p>`,
  more: html`<p><a href="/login/provider">Log in by the other site</a></p>`,
});

export function accountPage(userId: string | undefined): AppPage {
  return {
    title: 'Your account',
    body: html`<p>You are user <code>${userId}</code>.</p>
<p><a href="/mfa/security">Your second step</a></p>
<form method="post" action="/log-out"><button class="quiet">Log out</button></form>`,
  };
}
