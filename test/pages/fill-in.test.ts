import { expect, test } from '@jest/globals';
import { fillIn } from '../../src/pages/fill-in.ts';
import { html } from '../../src/pages/html.ts';

test.each([
  ['Back to {issuer}', 'Back to Acme &amp; Sons'],
  ['{issuer}', 'Acme &amp; Sons'],
  ['{issuer}{issuer}, {count}', 'Acme &amp; SonsAcme &amp; Sons, 3'],
  ['<b>{bold}</b>', '&lt;b&gt;<i>it</i>&lt;/b&gt;'],
  ['nothing to fill in', 'nothing to fill in'],
  ['{unknown} is left out', ' is left out'],
  ['{ issuer } {} {a-b} { stay', '{ issuer } {} {a-b} { stay'],
  ['{tricky}', '{issuer} $&amp; $1'],
  ['', ''],
])('%j becomes %j', (message, expected) => {
  const values = { issuer: 'Acme & Sons', count: 3, bold: html`<i>it</i>`, tricky: '{issuer} $& $1' };
  expect(String(fillIn(message, values))).toBe(expected);
});
