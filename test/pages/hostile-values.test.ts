import { isDeepStrictEqual } from 'node:util';
import { expect, test } from '@jest/globals';
import { en } from '../../src/pages/messages/en.ts';
import {
  type AnyPageState,
  documentOf,
  nameOf,
  pageStates,
  type Surroundings,
  surroundings,
} from './page-states.ts';
import { type Element, readHtml } from './read-html.ts';

// Sixteen groups of four, for the key is shown in groups.
const hostile = `"'><script>alert(1)</script><img/src=x onerror=a>&lt;$&`.padEnd(64, '<');
const shownAs = [
  ` ${hostile.replaceAll(/.{4}(?=.)/g, (group) => `${group} `)}`,
  encodeURIComponent(hostile),
  hostile,
];
const quiet = { ...surroundings, logo: '/logo.svg' };

test('Whatever a page is given is text on it: the page is the same, with that text in it', () => {
  const wrong = pageStates.filter((state) => {
    const attacked = readHtml(documentOf(attackedState(state), attackedSurroundings(state)));
    const cleaned = treeOf(attacked, withoutHostile);
    const harmless = treeOf(readHtml(documentOf(state, quiet)));
    return !isDeepStrictEqual(cleaned, harmless) || isDeepStrictEqual(cleaned, treeOf(attacked));
  });
  expect({ count: wrong.length, some: wrong.slice(0, 3).map(nameOf) }).toEqual({ count: 0, some: [] });
});

test('A value that looks like a placeholder is not filled in', () => {
  const [page] = pageStates.filter((state) => state.page === 'security');
  if (!page) throw new Error('There is no such page.');
  const messages = { ...en, toHome: 'To {issuer}!' };
  expect(documentOf(page, { ...surroundings, messages, issuer: '{issuer} {when} $&' })).toContain(
    '>To {issuer} {when} $&amp;!<',
  );
});

/** All that can come from the app, from its users or from an address. */
function attackedState(state: AnyPageState): AnyPageState {
  const { returnTo } = state;
  return { ...attackedDetails(state), ...(returnTo !== undefined && { returnTo: returnTo + hostile }) };
}

function attackedDetails(state: AnyPageState): AnyPageState {
  switch (state.page) {
    case 'setup': {
      const { authenticator } = state.details;
      if (!authenticator) return state;
      const { qr, secret, issuer, accountName } = authenticator;
      const attacked = {
        secret: secret + hostile,
        issuer: issuer + hostile,
        accountName: accountName + hostile,
        qr: { ...qr, path: qr.path + hostile },
      };
      return { ...state, details: { ...state.details, authenticator: attacked } };
    }
    case 'backupCodes': {
      const { codes, accountName, shownAt } = state.details;
      const attacked = codes?.map((code) => code + hostile);
      const name = accountName === undefined ? undefined : accountName + hostile;
      return { ...state, details: { codes: attacked, accountName: name, shownAt } };
    }
    case 'problem': {
      const { href, text } = state.details.goOn;
      return { ...state, details: { goOn: { href: href + hostile, text } } };
    }
    case 'challenge':
    case 'security':
      return state;
  }
}

function attackedSurroundings({ page, details, problem }: AnyPageState): Surroundings {
  const { messages, locale, ...texts } = quiet;
  const namesDay = page === 'backupCodes' && details.codes !== undefined;
  const attacked = Object.entries(texts).map(([name, text]) => [name, text + hostile]);
  return {
    ...quiet,
    ...Object.fromEntries(attacked),
    messages: { ...messages, ...attackedMessages() },
    // Where time is put into words, Intl refuses what is no language before anything is rendered.
    locale: namesDay || problem?.errorType === 'TOO_MANY_ATTEMPTS' ? locale : locale + hostile,
  };
}

function attackedMessages(): Record<string, string> {
  const { direction: _, ...texts } = en;
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, text + hostile]));
}

/** All names, attributes and texts in their order. */
function treeOf({ name, attributes, children }: Element, read = (text: string) => text): unknown {
  return [
    name,
    [...attributes].map(([attribute, value]) => [attribute, read(value)]),
    children.map((child) => (typeof child === 'string' ? read(child) : treeOf(child, read))),
  ];
}

function withoutHostile(text: string): string {
  return shownAs.reduce((rest, one) => rest.replaceAll(one, ''), text);
}
