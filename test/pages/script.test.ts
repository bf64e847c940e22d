import { Script } from 'node:vm';
import { expect, test } from '@jest/globals';
import { script } from '../../src/pages/script.ts';
import { style } from '../../src/pages/style.ts';
import { documentOf, pageStates } from './page-states.ts';
import { elementsOf, readHtml } from './read-html.ts';

const elements = pageStates.flatMap((state) => elementsOf(readHtml(documentOf(state))));
const attributes = new Set(elements.flatMap((element) => [...element.attributes.keys()]));
const classes = new Set(elements.flatMap((element) => element.attributes.get('class')?.split(' ') ?? []));

test('The script is JavaScript', () => {
  expect(() => new Script(script)).not.toThrow();
});

test('It looks for what is on the pages, and the pages mark nothing that it does not look for', () => {
  const bySelector = script.match(/data-mfa-[a-z]+/g) ?? [];
  const byDataset = [...script.matchAll(/dataset\.mfa([A-Z][a-z]+)/g)].map(
    ([, name = '']) => `data-mfa-${name.toLowerCase()}`,
  );
  // What the script itself notes, and what is there for the style sheet and for hosts.
  const onPages = [...attributes].filter((name) => name.startsWith('data-mfa-') && name !== 'data-mfa-page');
  const looked = new Set([...bySelector, ...byDataset].filter((name) => name !== 'data-mfa-sent'));
  expect([...looked].sort()).toEqual(onPages.sort());
});

test('It has no words of its own: what it shows comes with the page, or from Intl', () => {
  const literals = script.replaceAll(/\/\/.*$/gm, '').match(/'[^'\n]*'/g) ?? [];
  expect(literals.length).toBeGreaterThan(10);
  expect(literals.filter((literal) => /\w \w/.test(literal) && literal !== "'use strict'")).toEqual([]);
});

test('The style sheet speaks of no class that is on no page', () => {
  const styled = new Set(style.match(/(?<=\.)mfa[a-z-]*/g));
  expect([...styled].filter((name) => !classes.has(name))).toEqual([]);
});
