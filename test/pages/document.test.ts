import { expect, test } from '@jest/globals';
import { locales } from '../../src/pages/locales.ts';
import { renderPage } from '../../src/pages/page.ts';
import { documentOf, surroundings } from './page-states.ts';
import { elementsOf, readHtml, textOf } from './read-html.ts';
import { attributeOf, expectOnNoPage, having } from './read-pages.ts';

const challenge = { page: 'challenge', details: { method: 'totp', canSwitch: true, stepUp: false } } as const;

function elementsWith(changed: Partial<Parameters<typeof documentOf>[1]>) {
  return elementsOf(readHtml(documentOf(challenge, { ...surroundings, ...changed })));
}

test.each(Object.entries(locales))(
  'A document in %s says so, and runs in the direction of its script',
  (locale, messages) => {
    const [root] = elementsWith({ locale, messages });
    expect(root?.name).toBe('html');
    expect(Object.fromEntries(root?.attributes ?? [])).toEqual({
      lang: locale,
      dir: locale === 'ar' ? 'rtl' : 'ltr',
    });
  },
);

test('The logo stands for the name of the app, and is called by it', () => {
  const elements = elementsWith({ logo: '/logo.svg' });
  const images = elements.filter(({ name }) => name === 'img');
  expect(images.map(({ attributes }) => Object.fromEntries(attributes))).toEqual([
    { src: '/logo.svg', alt: 'Acme' },
  ]);
  expect(elements.filter(having('class', 'mfa-brand')).map(textOf)).toEqual(['']);
});

test('Without a logo there is the name of the app, and no image', () => {
  const elements = elementsWith({});
  expect(elements.filter(having('class', 'mfa-brand')).map(textOf)).toEqual(['Acme']);
  expect(elements.filter(({ name }) => name === 'img')).toEqual([]);
});

test('The head begins with the encoding, lets people zoom, and loads what is below the path', () => {
  const elements = elementsWith({ path: '/auth/mfa' });
  const [first, ...rest] = elements.filter(({ name }) => ['meta', 'link', 'script'].includes(name));
  expect(first && Object.fromEntries(first.attributes)).toEqual({ charset: 'utf-8' });
  expect(rest.map(({ attributes }) => Object.fromEntries(attributes))).toEqual([
    { name: 'viewport', content: 'width=device-width, initial-scale=1' },
    { name: 'color-scheme', content: 'light dark' },
    { name: 'referrer', content: 'same-origin' },
    { rel: 'stylesheet', href: '/auth/mfa/style.css' },
    { src: '/auth/mfa/script.js', defer: '' },
  ]);
});

test('Where the theme has no dark side, the browser draws nothing dark either', () => {
  const schemes = elementsWith({ colorScheme: 'light' }).filter(having('name', 'color-scheme'));
  expect(schemes.map(attributeOf('content'))).toEqual(['light']);
});

test('The page is in the one main part, as it was rendered', () => {
  const { body } = renderPage('challenge', {
    ...surroundings,
    ...challenge.details,
    returnTo: undefined,
    problem: undefined,
  });
  expect(documentOf(challenge)).toContain(`<main>\n${body}\n</main>`);
  expect(elementsWith({}).filter(({ name }) => name === 'main')).toHaveLength(1);
});

test('Every page is one element that names the page, and its title is its heading and the name of the app', () => {
  expectOnNoPage(({ state, elements }) => {
    const [main] = elements.filter(({ name }) => name === 'main');
    const sections = main?.children.filter((child) => typeof child !== 'string') ?? [];
    const [title, h1] = ['title', 'h1'].map((wanted) => elements.find(({ name }) => name === wanted));
    const isRight =
      sections.map(attributeOf('data-mfa-page')).join() === state.page &&
      title !== undefined &&
      h1 !== undefined &&
      textOf(title) === `${textOf(h1)} · Acme`;
    return isRight ? [] : ['title and heading:', ...[title, h1].map((one) => (one ? textOf(one) : 'none'))];
  });
});
