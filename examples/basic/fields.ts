import type { Request } from 'express';
import { type Html, html } from 'express-mfa';
import { text } from './requests.ts';

/** A field that somebody has to fill in. */
export function field(label: string, input: Html, hint?: string): Html {
  return html`<label>${label}${hint !== undefined && html`<small>${hint}</small>`}${input}</label>`;
}

/** The address of a user, as it was typed before. */
export function emailField(req: Request): Html {
  const input = html`<input name="email" type="email" value="${text(req.body, 'email')}" autocomplete="username" required>`;
  return field('E-mail', input);
}

/** A password that somebody wants to have. */
export function newPasswordField(): Html {
  const input = html`<input name="password" type="password" minlength="10" autocomplete="new-password" required>`;
  return field('New password', input, 'At least ten characters.');
}

/** What was wrong. Screen readers say it at once. */
export function problemBox(problem: string | undefined): Html | undefined {
  return problem === undefined ? undefined : html`<p class="problem" role="alert">${problem}</p>`;
}
