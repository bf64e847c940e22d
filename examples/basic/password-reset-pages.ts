import { html } from 'express-mfa';
import type { FormPage } from './faces.ts';
import { emailField, newPasswordField, problemBox } from './fields.ts';
import type { AppPage } from './pages.ts';
import { text } from './requests.ts';

export const forgottenPage: FormPage = (req, problem) => ({
  title: 'Forgotten password',
  body: html`<p>We mail you a link with which you can set a new one.</p>
${problemBox(problem)}
<form method="post" action="/password-reset">
${emailField(req)}
<button>Mail me the link</button>
</form>`,
});

export const mailedPage: AppPage = {
  title: 'Look into your mails',
  body: html`<p>If we know this address, a mail is on its way. (This app prints its mails in the terminal in which it runs.)</p>
<p><a href="/login">To the login</a></p>`,
};

/** Where the link of the mail leads. */
export const newPasswordPage: FormPage = (req, problem) => ({
  title: 'A new password',
  body: html`${problemBox(problem)}
<form method="post" action="/password-reset/confirm">
<input type="hidden" name="token" value="${text(req.method === 'POST' ? req.body : req.query, 'token')}">
${newPasswordField()}
<button>Set it and log in</button>
</form>
<p><a href="/password-reset">Mail me another link</a></p>`,
});
