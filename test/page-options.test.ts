import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { createMfaRouter, memoryMfaStore } from 'express-mfa';

function createWith(options: object) {
  return createMfaRouter({
    issuer: 'Acme',
    keys: [randomBytes(32).toString('base64')],
    store: memoryMfaStore(),
    currentUserId: () => undefined,
    logIn: () => undefined,
    accountName: String,
    now: Date.now,
    ...options,
  });
}

function complaintOf(options: object): string {
  try {
    createWith(options);
  } catch (error) {
    expect(error).toMatchObject({ code: 'mfa_config' });
    return String((error as Error).message);
  }
  throw new Error('Nobody complained.');
}

test.each([
  {},
  { pages: {} },
  { pages: { challenge: () => 'x', problem: undefined } },
  { pages: false },
  {
    pages: undefined,
    layout: undefined,
    theme: undefined,
    logo: undefined,
    messages: undefined,
    locale: undefined,
  },
  {
    theme: {
      accent: 'rgb(0 0 0 / 50%)',
      font: '"Fira Sans", sans-serif',
      radius: '0.5rem',
      dark: { accent: '#fff' },
    },
  },
  { logo: '/images/logo.svg' },
  { messages: { de: { verify: 'Weiter' }, 'zh-Hant-TW': {}, en: { direction: 'ltr', verify: undefined } } },
])('%j is taken', (options) => {
  expect(() => createWith(options)).not.toThrow();
});

const pages =
  '`pages` must be false, or functions for pages: challenge, setup, backupCodes, security, problem.';
const cssValue = '`theme.accent` must be one CSS value, without url() or a comment.';
const noLanguage = '`messages` must have languages (BCP 47 tags: `de`, `pt-BR`) as keys';

describe('what is wrong is refused at the start, in a sentence', () => {
  test.each<[object, string]>([
    [{ pages: true }, pages],
    [{ pages: { login: () => 'x' } }, pages],
    [{ pages: { challenge: 'x' } }, pages],
    [{ layout: '<html>' }, '`layout` must be a function.'],
    [{ locale: 'de' }, '`locale` must be a function.'],
    [{ logo: 'https://elsewhere.example/logo.svg' }, '`logo` must be a path that begins with a slash'],
    [{ logo: '//elsewhere.example/logo.svg' }, '`logo` must be a path that begins with a slash'],
    [
      { theme: { colour: '#fff' } },
      '`theme` has no `colour`, only background, surface, text, muted, border, accent, accentText, danger, dark, font, radius.',
    ],
    [
      { theme: { dark: { font: 'serif' } } },
      '`theme.dark` has no `font`, only background, surface, text, muted, border, accent, accentText, danger.',
    ],
    [{ theme: { dark: true } }, '`theme.dark` must be false or an object of colours.'],
    [{ theme: 'dark' }, '`theme` must be an object of colours, `dark`, `font` and `radius`.'],
    [{ theme: { accent: 7 } }, '`theme.accent` must be the text of a CSS value.'],
    [{ theme: { dark: { danger: '#fff; }' } } }, '`theme.dark.danger` must be one CSS value.'],
    [{ theme: { accent: '#fff; } body { display: none' } }, '`theme.accent` must be one CSS value.'],
    [{ theme: { accent: 'url(https://elsewhere.example/x)' } }, cssValue],
    [{ theme: { accent: 'red /* ' } }, cssValue],
    [{ theme: { font: '</style>' } }, '`theme.font` must be one CSS value.'],
    [
      { messages: { de: { hello: 'Hallo' } } },
      '`messages.de` has no `hello`, only direction, challengeTitle, stepUpTitle, ',
    ],
    [
      { messages: { de: { tooManyAttempts: 'Bitte {wann} wieder.' } } },
      '`messages.de.tooManyAttempts` must have the braces of the English text: {when}.',
    ],
    [
      { messages: { de: { verify: 'Weiter {when}' } } },
      '`messages.de.verify` must have the braces of the English text: none.',
    ],
    [{ messages: { de: { verify: '' } } }, '`messages.de.verify` must be a text that is not empty.'],
    [{ messages: { 'pt-BR': { verify: 7 } } }, '`messages.pt-BR.verify` must be a text.'],
    [{ messages: { 'not a tag': {} } }, `${noLanguage}, and not a tag is none.`],
    [{ messages: { german: {} } }, `${noLanguage}, and german is none.`],
    [{ messages: { verify: 'Weiter' } }, `${noLanguage}, and verify is none.`],
    [{ messages: { de: 'Weiter' } }, '`messages.de` must be texts by key.'],
    [{ messages: { de: { direction: 'up' } } }, "`messages.de.direction` must be 'ltr' or 'rtl'."],
    [{ messages: 'de' }, '`messages` must be texts by language'],
  ])('%j', (options, sentence) => {
    expect(complaintOf(options)).toContain(sentence);
  });
});
