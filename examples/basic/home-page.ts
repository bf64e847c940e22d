import { type Html, html } from 'express-mfa';
import type { AppPage } from './pages.ts';

/** Who looks at a page: nobody yet, somebody between the two steps, or a user. */
export type Visitor = 'guest' | 'halfway' | { readonly email: string };

export function homePage(visitor: Visitor): AppPage {
  return {
    title: 'An app with a second step',
    body: html`<p>This app has users and passwords of its own. <code>express-mfa</code> adds the second step.</p>
${whoIsThere(visitor)}
<h2>What to try</h2>
<ol>
<li>Log in. The terminal in which the app runs names the demo user. The password is all that is asked.</li>
<li>Set up the second step, and save the backup codes. Without a phone,
<code>npx tsx examples/basic/code.ts KEY</code> shows what an authenticator app would.</li>
<li>Log out and in again: now you are asked. Try a wrong code, and a backup code.</li>
<li>Send money from your account. After five minutes you are asked for a code again.</li>
<li>Forget your password and set a new one: the second step is asked even then. Mails are printed in the terminal.</li>
<li>Make new backup codes, or turn the second step off.</li>
</ol>`,
  };
}

function whoIsThere(visitor: Visitor): Html {
  if (visitor === 'guest') {
    return html`<p>Nobody is logged in.</p>
<p><a class="button" href="/login">Log in</a> <a href="/register">Register</a></p>`;
  }
  if (visitor === 'halfway') {
    return html`<p>The password was right; the second step is missing. To the app you are still a guest.</p>
<p><a class="button" href="/mfa/challenge">To the second step</a></p>`;
  }
  return html`<p>You are logged in as ${visitor.email}.</p>
<p><a class="button" href="/account">Your account</a> <a href="/mfa/security">Your second step</a></p>`;
}
