import { describe, expect, test } from '@jest/globals';
import { locales } from '../../src/pages/locales.ts';
import { en, type Messages } from '../../src/pages/messages/en.ts';
import { fr } from '../../src/pages/messages/fr.ts';

const all = Object.entries(locales);
const translated = all.filter(([tag]) => tag !== 'en');

/** Words that really are the same as in English. */
const sameAsEnglish: Readonly<Record<string, readonly string[]>> = { de: ['totpLabel'], fr: ['totpLabel'] };

/** The wait as a person reads it: in half a minute, in a minute, in five minutes. */
const waits: readonly [tag: string, ...sentences: [string, string, string]][] = [
  [
    'en',
    'Too many attempts. Try again in 30 seconds.',
    'Too many attempts. Try again in 1 minute.',
    'Too many attempts. Try again in 5 minutes.',
  ],
  [
    'de',
    'Zu viele Versuche. Bitte versuchen Sie es in 30 Sekunden noch einmal.',
    'Zu viele Versuche. Bitte versuchen Sie es in 1 Minute noch einmal.',
    'Zu viele Versuche. Bitte versuchen Sie es in 5 Minuten noch einmal.',
  ],
  [
    'fr',
    'Trop de tentatives. Réessayez dans 30 secondes.',
    'Trop de tentatives. Réessayez dans 1 minute.',
    'Trop de tentatives. Réessayez dans 5 minutes.',
  ],
  [
    'es',
    'Demasiados intentos. Vuelve a intentarlo dentro de 30 segundos.',
    'Demasiados intentos. Vuelve a intentarlo dentro de 1 minuto.',
    'Demasiados intentos. Vuelve a intentarlo dentro de 5 minutos.',
  ],
  [
    'pt',
    'Muitas tentativas. Tente novamente em 30 segundos.',
    'Muitas tentativas. Tente novamente em 1 minuto.',
    'Muitas tentativas. Tente novamente em 5 minutos.',
  ],
  [
    'ja',
    '試行回数が多すぎます。30 秒後にもう一度お試しください。',
    '試行回数が多すぎます。1 分後にもう一度お試しください。',
    '試行回数が多すぎます。5 分後にもう一度お試しください。',
  ],
  [
    'zh-CN',
    '尝试次数过多，请在30秒钟后重试。',
    '尝试次数过多，请在1分钟后重试。',
    '尝试次数过多，请在5分钟后重试。',
  ],
  [
    'ar',
    'محاولات كثيرة جدًا. ستتمكن من المحاولة مرة أخرى خلال 30 ثانية.',
    'محاولات كثيرة جدًا. ستتمكن من المحاولة مرة أخرى خلال دقيقة واحدة.',
    'محاولات كثيرة جدًا. ستتمكن من المحاولة مرة أخرى خلال 5 دقائق.',
  ],
];

test('The languages are the eight that are promised', () => {
  expect(Object.keys(locales)).toEqual(['en', 'de', 'fr', 'es', 'pt', 'ja', 'zh-CN', 'ar']);
});

describe.each(all)('The texts in %s', (tag, messages) => {
  const texts = Object.entries(messages);

  test('have exactly the keys of English, in the same order', () => {
    expect(Object.keys(messages)).toEqual(Object.keys(en));
  });

  test('are none of them empty, and have no space at an end', () => {
    expect(texts.filter(([, text]) => text === '' || text !== text.trim())).toEqual([]);
  });

  test('have the placeholders of English, and no other braces', () => {
    expect(braces(messages)).toEqual(braces(en));
  });

  test('are plain text: no characters of HTML, and the quotes of print', () => {
    expect(texts.filter(([, text]) => /[<>&"'`]/.test(text))).toEqual([]);
  });

  test('run from right to left for Arabic only', () => {
    expect(messages.direction).toBe(tag === 'ar' ? 'rtl' : 'ltr');
  });
});

test.each(translated)('Every text is translated in %s', (tag, messages) => {
  const english = new Map<string, string>(Object.entries(en));
  const same = Object.entries(messages)
    .filter(([key, text]) => key !== 'direction' && english.get(key) === text)
    .map(([key]) => key);
  expect(same).toEqual(sameAsEnglish[tag] ?? []);
});

test('There is a wait to read in every language', () => {
  expect(waits.map(([tag]) => tag)).toEqual(Object.keys(locales));
});

test.each(waits)('The wait is a sentence in %s', (tag, ...sentences) => {
  const format = new Intl.RelativeTimeFormat(tag, { numeric: 'always' });
  const whens = [format.format(30, 'second'), format.format(1, 'minute'), format.format(5, 'minute')];
  expect(whens.map((when) => locales[tag]?.tooManyAttempts.replace('{when}', when))).toEqual(sentences);
});

test('French keeps its colons, semicolons, question and exclamation marks on the line of their word', () => {
  const marks = Object.values(fr).flatMap((text) => text.match(/.[:;?!]/gu) ?? []);
  expect(new Set(marks)).toEqual(new Set(['\u202f:']));
});

/** Per text all that stands in braces, and every brace that is left over. */
function braces(messages: Messages | typeof en): [key: string, found: string[]][] {
  return Object.entries(messages).map(([key, text]) => [key, (text.match(/\{\w*\}|[{}]/g) ?? []).sort()]);
}
