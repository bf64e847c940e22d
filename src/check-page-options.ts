import * as v from 'valibot';
import { en } from './pages/messages/en.ts';

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
  'must have languages (BCP 47 tags: `de`, `pt-BR`) as keys',
);
const texts = v.strictObject(
  Object.fromEntries(
    Object.keys(en).map((key) => [
      key,
      v.optional(
        key === 'direction'
          ? v.picklist(['ltr', 'rtl'], "must have the `direction` 'ltr' or 'rtl'")
          : v.pipe(
              v.string('must be texts by key'),
              v.nonEmpty('must be texts that are not empty'),
              v.check(
                (text) => placeholders(text) === placeholders(en[key as keyof typeof en]),
                `must keep the braces of \`${key}\`: ${en[key as keyof typeof en]}`,
              ),
            ),
      ),
    ]),
  ),
  'must be texts by language and key, and only keys that there are',
);

/** The options of the pages, as a part of the schema of all. */
export const pageOptions = {
  pages: v.optional(
    v.union(
      [
        v.literal(false),
        v.strictObject({
          challenge: v.optional(hook),
          setup: v.optional(hook),
          backupCodes: v.optional(hook),
          security: v.optional(hook),
          problem: v.optional(hook),
        }),
      ],
      'must be false, or functions for pages: challenge, setup, backupCodes, security, problem',
    ),
  ),
  layout: v.optional(hook),
  theme: v.optional(
    v.strictObject(
      {
        ...colors,
        dark: v.optional(
          v.union(
            [v.literal(false), v.strictObject(colors)],
            'must have false or colours in `dark`, and only known ones',
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

function isLanguageTag(value: unknown): boolean {
  try {
    return typeof value === 'string' && Intl.getCanonicalLocales(value).length === 1;
  } catch {
    return false;
  }
}

function placeholders(text: string): string {
  return (text.match(/\{\w*\}/g) ?? []).sort().join();
}
