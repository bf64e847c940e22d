import { expect, test } from '@jest/globals';
import { documentOf, owner, secret, surroundings } from './page-states.ts';
import { type Element, elementsOf, readHtml, textOf } from './read-html.ts';
import { having } from './read-pages.ts';

const { messages } = surroundings;

test('The set-up shows what the authenticator app needs: a QR code, and key, service and account for typing', () => {
  const authenticator = { ...secret, issuer: 'Acme Staging', qr: { size: 29, path: 'M4 4h1v1h-1z' } };
  const elements = read({ page: 'setup', details: { authority: 'nothing', replaces: false, authenticator } });
  expect(elements.filter(({ name }) => name === 'svg').map(withPaths)).toEqual([
    {
      label: messages.qrCodeLabel,
      role: 'img',
      viewBox: '0 0 29 29',
      paths: ['M0 0h29v29H0z', 'M4 4h1v1h-1z'],
    },
  ]);
  expect(elements.filter(({ name }) => name === 'dt').map(textOf)).toEqual([
    messages.secretLabel,
    messages.issuerLabel,
    messages.accountLabel,
  ]);
  expect(elements.filter(({ name }) => name === 'dd').map(textOf)).toEqual([
    `JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP ${messages.copy}`,
    'Acme Staging',
    'ada@example.org',
  ]);
});

test.each([
  ['on', 10, false],
  ['on', 2, true],
  ['locked', 0, true],
] as const)(
  'The security page tells: authenticator %s, %d codes left, few: %p',
  (authenticator, left, isLow) => {
    const elements = read({
      page: 'security',
      details: {
        enrolled: true,
        authenticator,
        backupCodesRemaining: left,
        backupCodesLow: isLow,
        backupCodesUnsaved: false,
        canReplace: false,
        authority: 'nothing',
        asksForCode: false,
        sentForm: undefined,
      },
    });
    expect(elements.filter(({ name }) => name === 'dd').map(textOf)).toEqual([
      authenticator === 'on' ? messages.authenticatorOn : messages.authenticatorLocked,
      String(left),
    ]);
    expect(elements.filter(having('class', 'mfa-notice')).map(textOf)).toEqual(
      isLow ? [messages.backupCodesLow] : [],
    );
  },
);

test('Codes are listed one by one, left to right, as they were given', () => {
  const codes = ['0123-4567-89AB-CDEF', 'GHJK-MNPQ-RSTV-WXYZ', 'AAAA-BBBB-CCCC-DDDD'];
  const [list, ...more] = read({ page: 'backupCodes', details: { ...owner, codes } }).filter(
    having('id', 'mfa-codes'),
  );
  expect(more).toEqual([]);
  expect(list?.attributes.get('dir')).toBe('ltr');
  expect(list && itemsIn(elementsOf(list))).toEqual(codes);
});

test.each([
  ['en', 'ada@example.org', ['Acme', 'ada@example.org', 'November 21, 2026']],
  ['de', 'ada@example.org', ['Acme', 'ada@example.org', '21. November 2026']],
  ['ja', undefined, ['Acme', '2026年11月21日']],
])('Codes on the page say whose they are, and of which day, in %s: %s', (locale, accountName, expected) => {
  const details = { ...owner, accountName, codes: ['0123-4567-89AB-CDEF'] };
  const elements = elementsOf(
    readHtml(documentOf({ page: 'backupCodes', details }, { ...surroundings, locale })),
  );
  expect(elements.filter(({ name }) => name === 'bdi').map(textOf)).toEqual(expected);
});

test('Codes that are over are not listed', () => {
  expect(itemsIn(read({ page: 'backupCodes', details: { ...owner, codes: undefined } }))).toEqual([]);
});

function read(state: Parameters<typeof documentOf>[0]): Element[] {
  return elementsOf(readHtml(documentOf(state)));
}

function itemsIn(elements: readonly Element[]): string[] {
  return elements.filter(({ name }) => name === 'li').map(textOf);
}

function withPaths(svg: Element) {
  const { 'aria-label': label, role, viewBox } = Object.fromEntries(svg.attributes);
  return { label, role, viewBox, paths: elementsOf(svg).map((path) => path.attributes.get('d')) };
}
