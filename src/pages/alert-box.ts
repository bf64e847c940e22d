import { type Html, html } from './html.ts';

/** What is wrong with a form as a whole: above it, and with the focus where no field has it. */
export function alertBox(text: Html | string | undefined): Html | undefined {
  return text === undefined
    ? undefined
    : html`<p class="mfa-alert" role="alert" tabindex="-1" autofocus>${text}</p>`;
}
