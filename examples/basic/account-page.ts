import { type Html, html } from 'express-mfa';
import { field, problemBox } from './fields.ts';
import type { AppPage } from './pages.ts';

interface AccountDetails {
  readonly email: string;
  /** Whether the second step is set up. */
  readonly secondStep: boolean;
  /** What has just been done. */
  readonly notice: string | undefined;
  /** What was wrong with the transfer. */
  readonly problem: string | undefined;
}

/** The account, a transfer of money, and the ways out. */
export function accountPage({ email, secondStep, notice, problem }: AccountDetails): AppPage {
  return {
    title: 'Your account',
    body: html`${notice !== undefined && html`<p class="notice" role="status">${notice}</p>`}
<dl>
<dt>E-mail</dt><dd>${email}</dd>
<dt>Second step</dt><dd>${secondStep ? 'On' : 'Off'}. <a href="/mfa/security">${secondStep ? 'Look after it' : 'Set it up'}</a></dd>
</dl>
${transferForm(problem)}
<h2>Log out</h2>
<form method="post" action="/log-out">
<button class="quiet">Here</button>
<button class="quiet" name="everywhere" value="true">Everywhere</button>
</form>`,
  };
}

function transferForm(problem: string | undefined): Html {
  return html`<h2>Send money</h2>
<p>For this the app wants a second step of the last five minutes, and else asks for one first.</p>
${problemBox(problem)}
<form method="post" action="/transfer">
${field('To', html`<input name="to" type="email" value="bob@example.com" required>`)}
${field('Amount', html`<input name="amount" inputmode="decimal" value="10" required>`)}
<button>Send</button>
</form>`;
}
