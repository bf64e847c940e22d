import { type Html, type HtmlValue, html } from './html.ts';

/** A message with what belongs in its braces, escaped. */
export function fillIn(message: string, values: Readonly<Record<string, HtmlValue>>): Html {
  const parts = message.split(/\{(\w+)\}/);
  return html`${parts.map((part, index) => (index % 2 === 0 ? part : values[part]))}`;
}
