const brand = Symbol.for('express-mfa.html');

/** HTML that is safe to send: made by the {@link html} tag, which escapes whatever it is given. */
export interface Html {
  readonly [brand]: true;
  /** The text of it. */
  toString(): string;
}

/** What may stand in a template: text is escaped; booleans, null and undefined give nothing; a list is joined. */
export type HtmlValue = string | number | Html | boolean | null | undefined | readonly HtmlValue[];

/**
 * A template tag: html`<p>${anything}</p>`. Every value is escaped but what is HTML already. Quote attributes.
 *
 * @throws TypeError for objects that are neither HTML nor lists.
 */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let text = parts[0] ?? '';
  for (const [index, value] of values.entries()) text += render(value) + (parts[index + 1] ?? '');
  return { [brand]: true, toString: () => text };
}

/** Whether a value is HTML of ours. The brand is a symbol: nothing that was parsed from JSON has it. */
export function isHtml(value: unknown): value is Html {
  return typeof value === 'object' && value !== null && brand in value;
}

function render(value: HtmlValue): string {
  if (value === undefined || value === null || typeof value === 'boolean') return '';
  if (isHtml(value)) return value.toString();
  if (Array.isArray(value)) return value.map(render).join('');
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value));
  throw new TypeError('Give the `html` tag texts, numbers, HTML or lists of them.');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
