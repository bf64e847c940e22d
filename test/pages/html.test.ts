import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type HtmlValue, html, isHtml } from '../../src/pages/html.ts';
import { elementsOf, readHtml, textOf } from './read-html.ts';

const hostile = fc.string({
  unit: fc.constantFrom(
    ...'<>&"\'`=/!-;# \n\t\\{}$',
    'a',
    'lt',
    'amp',
    '&lt;',
    '&#39;',
    '</p>',
    '<!--',
    ']]>',
  ),
});
const anyText = fc.oneof(hostile, fc.string({ unit: 'binary' }), fc.string());
const anyValue = fc.letrec<{ value: HtmlValue; list: HtmlValue[] }>((tie) => ({
  value: fc.oneof(anyText, fc.integer(), fc.constantFrom(false as const, undefined), tie('list')),
  list: fc.array(tie('value'), { maxLength: 4 }),
})).value;

test.each([
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['&', '&amp;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
  ['&amp;', '&amp;amp;'],
  ['<<', '&lt;&lt;'],
  ['a `b` = ü 漢 🔑', 'a `b` = ü 漢 🔑'],
  ['', ''],
])('%j stands as %j, in an element and in an attribute', (text, escaped) => {
  expect(String(html`<p title="${text}">${text}</p>`)).toBe(`<p title="${escaped}">${escaped}</p>`);
});

test.each<[HtmlValue, string]>([
  [false, ''],
  [undefined, ''],
  [[], ''],
  [[false, [undefined, []]], ''],
  [0, '0'],
  [-1.5, '-1.5'],
  [['a', ['<', 1], false, 'b'], 'a&lt;1b'],
])('%j gives %j', (value, expected) => {
  expect(String(html`${value}`)).toBe(expected);
});

test('Whatever is put into an element or an attribute is its text, and nothing else', () => {
  fc.assert(
    fc.property(anyValue, anyValue, anyValue, (first, second, third) => {
      const root = readHtml(String(html`<a title="${first}" href="/${second}">${third}</a><b>${first}</b>`));
      const [link, bold, ...more] = elementsOf(root);
      expect(more).toEqual([]);
      expect([link?.name, bold?.name]).toEqual(['a', 'b']);
      expect([...(link?.attributes ?? [])]).toEqual([
        ['title', plain(first)],
        ['href', `/${plain(second)}`],
      ]);
      expect(bold?.attributes.size).toBe(0);
      expect(link && textOf(link)).toBe(plain(third));
      expect(bold && textOf(bold)).toBe(plain(first));
    }),
    { numRuns: 1000 },
  );
});

test('What is HTML already is not escaped again, however often and wherever it is put', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 0, max: 5 }), (text, depth) => {
      let inner = html`<b>${text}</b>`;
      for (let level = 0; level < depth; level++) inner = html`${level % 2 === 0 ? inner : [inner]}`;
      expect(String(html`<p>${inner}</p>`)).toBe(`<p>${html`<b>${text}</b>`}</p>`);
    }),
  );
});

test('Nothing that came out of JSON is taken for HTML', () => {
  const made = html`<b></b>`;
  expect(isHtml(made)).toBe(true);
  for (const imitation of [
    JSON.parse(JSON.stringify(made)),
    JSON.parse('{"express-mfa.html":true,"Symbol(express-mfa.html)":true,"toString":"<b>"}'),
    JSON.parse('{"Symbol(Symbol.for(express-mfa.html))":true,"map":"<b>","length":1,"0":"<b>"}'),
    JSON.parse('{"__proto__":{"Symbol(express-mfa.html)":true},"toString":"<b>"}'),
  ]) {
    expect(isHtml(imitation)).toBe(false);
    expect(() => html`<p>${imitation}</p>`).toThrow(TypeError);
  }
  expect(String(html`${JSON.parse('["<b>",["<i>"]]')}`)).toBe('&lt;b&gt;&lt;i&gt;');
});

test('HTML of another copy of the library is HTML, since ESM and CommonJS may both be loaded', () => {
  const other = { [Symbol.for('express-mfa.html')]: true, toString: () => '<b></b>' };
  expect(isHtml(other)).toBe(true);
});

/** What the tag is to make of a value, without escaping. */
function plain(value: HtmlValue): string {
  if (Array.isArray(value)) return value.map(plain).join('');
  return value === undefined || value === false ? '' : String(value);
}
