import { expect, test } from '@jest/globals';
import { backupCodesFile } from '../../src/pages/backup-codes-file.ts';
import { en, type Messages } from '../../src/pages/messages/en.ts';
import { codes, documentOf, nameOf, owner, pageStates, secret, surroundings } from './page-states.ts';
import { type Element, elementsOf, readHtml, textOf } from './read-html.ts';

const readByPeople = ['aria-label', 'alt', 'title', 'placeholder', 'data-mfa-copied', 'data-mfa-over'];
const marker = /⟦(\w+)⟧/g;
const messages: Messages = { ...en, ...Object.fromEntries(Object.entries(en).map(marked)), direction: 'ltr' };
// In a language whose words for a wait cannot be mistaken for English ones.
const inMarkers = { ...surroundings, messages, locale: 'de', logo: '/logo.svg' };
const given = [
  surroundings.issuer,
  secret.accountName,
  grouped(secret.secret),
  ...codes,
  '21. November 2026',
];
const wait = 'in 30 Sekunden';

const pages = pageStates.map((state) => {
  const document = readHtml(documentOf(state, inMarkers));
  return { name: nameOf(state), texts: textsFor(document) };
});

test('What a person reads or hears on a page is a message, a number, or what the page was given', () => {
  const others = pages.flatMap(({ name, texts }) => {
    const left = texts.map(withoutKnown).filter((text) => text !== '');
    return left.length > 0 ? [{ name, left }] : [];
  });
  expect(others).toEqual([]);
});

test('There is no message that no page shows', () => {
  const file = backupCodesFile({ messages, locale: 'de', issuer: 'Acme' }, { ...owner, codes });
  const shown = [file, ...pages.flatMap(({ texts }) => texts)].flatMap((text) =>
    [...text.matchAll(marker)].map(([, key]) => key),
  );
  expect([...new Set(shown)].sort()).toEqual(Object.keys(withoutDirection()).sort());
});

test('The file is the message with the name of the app, the account, the day, and the codes', () => {
  const named = { messages, locale: 'de', issuer: "$& {issuer} $'" };
  const title = "⟦backupCodesFile⟧$& {issuer} $'";
  const rest = `21. November 2026\r\n\r\n${codes.join('\r\n')}\r\n`;
  for (const [accountName, line] of [
    ['ada@example.org', 'ada@example.org\r\n'],
    ['ada\r\nAAAA-AAAA-AAAA-AAAA', 'ada AAAA-AAAA-AAAA-AAAA\r\n'],
    [undefined, ''],
  ]) {
    const file = backupCodesFile(named, { ...owner, accountName, codes });
    expect(file).toBe(`${title}\r\n${line}${rest}`);
  }
});

test('Every wait is in the words of the language, and marked as something that changes', () => {
  const timers = pageStates.flatMap((state) =>
    elementsOf(readHtml(documentOf(state, inMarkers))).filter(
      ({ attributes }) => attributes.get('role') === 'timer',
    ),
  );
  expect(new Set(timers.map(textOf))).toEqual(new Set([wait]));
});

/** A key in marks instead of its text, with the placeholders that the text has. */
function marked([key, text]: [string, string]): [string, string] {
  return [key, [`⟦${key}⟧`, ...(text.match(/\{\w+\}/g) ?? [])].join('')];
}

function withoutDirection(): Omit<typeof en, 'direction'> {
  const { direction: _, ...texts } = en;
  return texts;
}

function grouped(text: string): string {
  return text.replaceAll(/.{4}(?=.)/g, '$& ');
}

/** Each text and each attribute that people read or hear. */
function textsFor(document: Element): string[] {
  return [document, ...elementsOf(document)].flatMap(({ name, attributes, children }) => [
    // Title and name of the app are apart there.
    ...children.flatMap((child) =>
      typeof child !== 'string' ? [] : name === 'title' ? child.split(' · ') : child,
    ),
    ...readByPeople.flatMap((attribute) => attributes.get(attribute) ?? []),
  ]);
}

function withoutKnown(text: string): string {
  const known = [...given, wait].reduce((rest, value) => rest.replaceAll(value, ''), text);
  return known.replaceAll(marker, '').replaceAll(/\d/g, '').trim();
}
