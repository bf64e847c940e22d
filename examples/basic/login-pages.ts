import type { Request } from 'express';
import { type Html, html } from 'express-mfa';
import type { FormPage } from './faces.ts';
import { emailField, field, newPasswordField, problemBox } from './fields.ts';
import { text } from './requests.ts';

interface LoginPage {
  readonly title: string;
  /** The path of the route that takes the form. */
  readonly action: string;
  /** More to fill in. */
  readonly fields?: Html;
  /** What stands below the form. */
  readonly more?: Html;
}

/** The app's own first step, the one with the password. */
export function loginPage({ title, action, fields, more }: LoginPage): FormPage {
  return (req, problem) => ({
    title,
    body: html`${problem === undefined && returnTo(req) !== undefined && html`<p>The page that you asked for is for people who are logged in.</p>`}
${problemBox(problem)}
<form method="post" action="${action}">
${emailField(req)}
${field('Password', html`<input name="password" type="password" autocomplete="current-password" required>`)}
${fields}
<input type="hidden" name="return_to" value="${returnTo(req)}">
<button>Log in</button>
</form>
${more}`,
  });
}

export const registerPage: FormPage = (req, problem) => ({
  title: 'Register',
  body: html`${problemBox(problem)}
<form method="post" action="/register">
${emailField(req)}
${newPasswordField()}
<button>Register</button>
</form>
<p><a href="/login">I have an account</a></p>`,
});

/**
 * Where the person wanted to go: the guard puts it into the address of the login page, whose form sends it on.
 * Anybody can put anything there; `startLogin` takes only paths of this site.
 */
export function returnTo(req: Request): string | undefined {
  return text(req.method === 'POST' ? req.body : req.query, 'return_to');
}
