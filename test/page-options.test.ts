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
const cssValue = '`theme` must be one CSS value';

describe('what is wrong is refused at the start, in a sentence', () => {
  test.each<[object, string]>([
    [{ pages: true }, pages],
    [{ pages: { login: () => 'x' } }, pages],
    [{ pages: { challenge: 'x' } }, pages],
    [{ layout: '<html>' }, '`layout` must be a function.'],
    [{ locale: 'de' }, '`locale` must be a function.'],
    [{ logo: 'https://elsewhere.example/logo.svg' }, '`logo` must be a path that begins with a slash'],
    [{ logo: '//elsewhere.example/logo.svg' }, '`logo` must be a path that begins with a slash'],
    [{ theme: { colour: '#fff' } }, '`theme` must be an object of colours, `dark`, `font` and `radius`'],
    [
      { theme: { dark: { font: 'serif' } } },
      '`theme` must have false or colours in `dark`, and only known ones',
    ],
    [{ theme: { accent: 7 } }, '`theme` must be the text of a CSS value'],
    [{ theme: { accent: '#fff; } body { display: none' } }, cssValue],
    [{ theme: { accent: 'url(https://elsewhere.example/x)' } }, `${cssValue}, without url() or a comment`],
    [{ theme: { accent: 'red /* ' } }, `${cssValue}, without url() or a comment`],
    [{ theme: { font: '</style>' } }, cssValue],
    [
      { messages: { de: { hello: 'Hallo' } } },
      '`messages` must be texts by language and key, and only keys that there are',
    ],
    [
      { messages: { de: { tooManyAttempts: 'Bitte {wann} wieder.' } } },
      '`messages` must keep the braces of `tooManyAttempts`',
    ],
    [{ messages: { de: { verify: '' } } }, '`messages` must be texts that are not empty'],
    [{ messages: { de: { verify: 7 } } }, '`messages` must be texts by key'],
    [
      { messages: { 'not a tag': {} } },
      '`messages` must have languages (BCP 47 tags: `de`, `pt-BR`) as keys',
    ],
    [{ messages: { de: { direction: 'up' } } }, "`messages` must have the `direction` 'ltr' or 'rtl'"],
    [{ messages: 'de' }, '`messages` must be texts by language'],
  ])('%j', (options, sentence) => {
    expect(complaintOf(options)).toContain(sentence);
  });
});
