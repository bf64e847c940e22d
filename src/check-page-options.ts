import * as v from 'valibot';
import { en } from './pages/messages/en.ts';
import { strictOwnObject } from './without-prototype.ts';

type Hook = (...args: never[]) => unknown;
/** A function of the host's. */
export const hook = v.custom<Hook>((value) => typeof value === 'function', 'must be a function');
/** A path of this site. */
export const sitePath = v.pipe(
  v.string('must be a path that begins with a slash'),
  v.regex(/^\/(?!\/)[^\\\s?#]*$/, 'must be a path that begins with a slash, without a query'),
);

// It becomes part of a style sheet: nothing may end the declaration, or load something from elsewhere.
const cssValue = v.pipe(
  v.string('must be the text of a CSS value'),
  v.regex(/^[^;{}<>@\\]{1,200}$/, 'must be one CSS value'),
  v.check((value) => !/url\(|\/\*/i.test(value), 'must be one CSS value, without url() or a comment'),
);
const colors = {
  background: v.optional(cssValue),
  surface: v.optional(cssValue),
  text: v.optional(cssValue),
  muted: v.optional(cssValue),
  border: v.optional(cssValue),
  accent: v.optional(cssValue),
  accentText: v.optional(cssValue),
  danger: v.optional(cssValue),
};
const languageTag = v.custom<string>(
  isLanguageTag,
  ({ input }) => `must have languages (BCP 47 tags: \`de\`, \`pt-BR\`) as keys, and ${String(input)} is none`,
);
const texts = onlyKnown(
  Object.fromEntries(
    Object.keys(en).map((key) => [
      key,
      v.optional(
        key === 'direction'
          ? v.picklist(['ltr', 'rtl'], "must be 'ltr' or 'rtl'")
          : v.pipe(
              v.string('must be a text'),
              v.nonEmpty('must be a text that is not empty'),
              v.check(
                (text) => placeholders(text) === placeholders(en[key as keyof typeof en]),
                `must have the braces of the English text: ${placeholders(en[key as keyof typeof en]) || 'none'}`,
              ),
            ),
      ),
    ]),
  ),
  'must be texts by key',
);

/** The options of the pages, as a part of the schema of all. */
export const pageOptions = {
  pages: v.optional(
    v.union(
      [
        v.literal(false),
        strictOwnObject(
          {
            challenge: v.optional(hook),
            setup: v.optional(hook),
            backupCodes: v.optional(hook),
            security: v.optional(hook),
            problem: v.optional(hook),
          },
          'must be an object of pages',
        ),
      ],
      'must be false, or functions for pages: challenge, setup, backupCodes, security, problem',
    ),
  ),
  layout: v.optional(hook),
  theme: v.optional(
    onlyKnown(
      {
        ...colors,
        dark: v.optional(
          v.lazy((dark) =>
            dark === false ? v.literal(false) : onlyKnown(colors, 'must be false or an object of colours'),
          ),
        ),
        font: v.optional(cssValue),
        radius: v.optional(cssValue),
      },
      'must be an object of colours, `dark`, `font` and `radius`',
    ),
  ),
  logo: v.optional(sitePath),
  messages: v.optional(v.record(languageTag, texts, 'must be texts by language')),
  locale: v.optional(hook),
};

/** An object without other keys than these; a wrong one is told with the list of those that there are. */
function onlyKnown<const Entries extends v.ObjectEntries>(entries: Entries, otherwise: string) {
  return v.pipe(
    v.custom<object>((value) => typeof value === 'object' && value !== null, otherwise),
    strictOwnObject(entries, (issue) => {
      const key = issue.expected === 'never' && issue.path?.at(-1)?.key;
      return typeof key === 'string'
        ? `has no \`${key}\`, only ${Object.keys(entries).join(', ')}`
        : otherwise;
    }),
  );
}

/** ISO 639 names languages by two or three letters: longer tags are words, such as the key of a text. */
function isLanguageTag(value: unknown): boolean {
  try {
    return typeof value === 'string' && new Intl.Locale(value).language.length <= 3;
  } catch {
    return false;
  }
}

function placeholders(text: string): string {
  return (text.match(/\{\w*\}/g) ?? []).sort().join();
}
