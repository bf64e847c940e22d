const brand = Symbol.for('express-mfa.html');

/** HTML that is safe to send: made by the {@link html} tag, which escapes whatever it is given. */
export interface Html {
  readonly [brand]: true;
  /** The text of it. */
  toString(): string;
}

/** What may stand in a template: text is escaped; `false` and `undefined` give nothing; a list is joined. */
export type HtmlValue = string | number | Html | false | undefined | readonly HtmlValue[];

/** A template tag: html`<p>${anything}</p>`. Every value is escaped but what is HTML already. Quote attributes. */
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
  if (value === undefined || value === false) return '';
  if (isHtml(value)) return value.toString();
  if (typeof value === 'object') return value.map(render).join('');
  return escaped(String(value));
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
