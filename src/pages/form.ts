import { type Html, html } from './html.ts';
import type { PageProps } from './page-props.ts';

/** A form that posts to one of our routes, with what every form has to send. */
export function form(
  { path, formToken, returnTo }: PageProps,
  {
    action,
    fields,
    button,
    dangerous,
  }: { action: string; fields: readonly (Html | undefined | false)[]; button: string; dangerous?: boolean },
): Html {
  return html`<form class="mfa-form" method="post" action="${path}${action}" data-mfa-once>
<input type="hidden" name="form_token" value="${formToken}">
${returnTo !== undefined && html`<input type="hidden" name="return_to" value="${returnTo}">`}
${fields}
<button type="submit" class="mfa-button${dangerous && ' mfa-dangerous'}">${button}</button>
</form>`;
}
