import { expect, test } from '@jest/globals';
import { elementsOf, readHtml, textOf } from './read-html.ts';

test('Elements, attributes and text are read as browsers have them', () => {
  const root = readHtml(
    '<!doctype html>\n<p id="a" hidden>x &lt;b&gt;<b title="&quot;&#39;&amp;lt;">y</b></p><img>',
  );
  expect(elementsOf(root).map(({ name, attributes }) => [name, Object.fromEntries(attributes)])).toEqual([
    ['p', { id: 'a', hidden: '' }],
    ['b', { title: '"\'&lt;' }],
    ['img', {}],
  ]);
  expect(textOf(root)).toBe('x <b>y');
});

test.each([
  ['a tag that is not closed', '<p>'],
  ['a tag that closes another', '<p><b></p></b>'],
  ['a tag that closes nothing', '</p>'],
  ['an attribute without quotes', '<p id=a></p>'],
  ['an attribute in single quotes', "<p id='a'></p>"],
  ['an attribute twice', '<p id="a" id="b"></p>'],
  ['an attribute that was ended from within', '<p id="a"b"></p>'],
  ['a character of HTML as text', '<p>1 > 0</p>'],
  ['a bare ampersand', '<p>a & b</p>'],
  ['an unknown entity', '<p>a&nbsp;b</p>'],
  ['a comment', '<!-- a -->'],
  ['a paragraph in a paragraph', '<p><span><p></p></span></p>'],
  ['a form in a form', '<form><form></form></form>'],
  ['an element that closes itself', '<b/>'],
])('Refused is %s', (_, html) => {
  expect(() => readHtml(html)).toThrow();
});
