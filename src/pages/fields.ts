import { type Html, html } from './html.ts';
import type { CodeKind } from './problem-text.ts';

/** A field of a form, and what is wrong with what was entered there. */
interface Field {
  /** Unlike any other on the page. */
  readonly id: string;
  readonly label: string;
  readonly hint?: string | undefined;
  /** The sentence that belongs to this field. */
  readonly error?: Html | string | undefined;
  /** Whether the cursor waits here when the page opens. */
  readonly focus?: boolean;
}

/** The field for a code. It is text whatever it takes: a number has no leading zeros, and spaces are welcome. */
export function codeField(field: Field & { readonly kind: CodeKind; readonly keepsCase?: boolean }): Html {
  const attributes =
    field.kind === 'totp'
      ? html`autocomplete="one-time-code" inputmode="numeric"`
      : html`autocomplete="off" autocapitalize="${field.keepsCase ? 'none' : 'characters'}" spellcheck="false"`;
  return labelled(
    field,
    html`name="code" type="text" class="mfa-code" maxlength="64" required dir="ltr" ${attributes}`,
  );
}

/** The field for the password of the user. Not required: a user who has none may send it empty. */
export function passwordField(field: Field): Html {
  return labelled(field, html`name="password" type="password" autocomplete="current-password"`);
}

/** A box that has to be ticked, sent as `yes` under its id. */
export function tickBox({ id, label, error, focus }: Field): Html {
  return html`<p class="mfa-field">
<label class="mfa-tick" for="${id}"><input id="${id}" name="${id}" value="yes" type="checkbox" required${described(id, { error })}${focus && html` autofocus`}> ${label}</label>
${errorText(id, error)}</p>`;
}

function labelled(field: Field, attributes: Html): Html {
  const { id, label, hint, error, focus } = field;
  return html`<p class="mfa-field">
<label for="${id}">${label}</label>
${hint !== undefined && html`<span class="mfa-hint" id="${id}-hint">${hint}</span>`}
<input id="${id}" ${attributes}${described(id, { hint, error })}${focus && html` autofocus`}>
${errorText(id, error)}</p>`;
}

/** Ties the hint and the error to the field, for whoever hears the page. */
function described(id: string, { hint, error }: Pick<Field, 'hint' | 'error'>): Html {
  const ids = [error !== undefined && `${id}-error`, hint !== undefined && `${id}-hint`].filter(Boolean);
  return html`${ids.length > 0 && html` aria-describedby="${ids.join(' ')}"`}${error !== undefined && html` aria-invalid="true"`}`;
}

function errorText(id: string, error: Html | string | undefined): Html | undefined {
  return error === undefined
    ? undefined
    : html`<strong class="mfa-error" id="${id}-error" role="alert">${error}</strong>`;
}
