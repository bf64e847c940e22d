import { closest } from './http/language.ts';
import type { Language, Layout, LocaleHook, OwnPages, PageSettings } from './http/page-settings.ts';
import { locales } from './pages/locales.ts';
import { en, type Messages } from './pages/messages/en.ts';
import { style } from './pages/style.ts';
import { colorScheme, type Theme, themeCss } from './pages/theme.ts';
import { withoutPrototype } from './without-prototype.ts';

/** How the pages look and speak. */
export interface PageOptions {
  /**
   * Pages of yours in place of ours, each a function that gives a whole document; `false` for a router that
   * speaks JSON only. Default: ours.
   */
  readonly pages?: OwnPages | false | undefined;
  /** Puts our pages into the frame of your app. Default: a plain document. */
  readonly layout?: Layout | undefined;
  /** Colours, font and radius of our pages, as CSS values. Default: a light and a dark one. */
  readonly theme?: Theme | undefined;
  /** The path of an image on your site, shown above our pages. Default: the `issuer` as text. */
  readonly logo?: string | undefined;
  /**
   * Texts by language (BCP 47): other words for those that come with the library, or another language. What it
   * lacks is taken from its closest relative, else from English. Default: none.
   */
  readonly messages?: Readonly<Record<string, Partial<Messages>>> | undefined;
  /** The language of a request, as a BCP 47 tag; nothing leaves it to the browser. Default: what the browser prefers. */
  readonly locale?: LocaleHook | undefined;
}

/** The options of the pages, resolved; undefined where there shall be none. */
export function resolvePages(options: PageOptions & { trustedOrigins?: readonly string[] | undefined }) {
  const { pages = {}, layout, theme: given = {}, logo, messages = {}, locale, trustedOrigins = [] } = options;
  if (pages === false) return undefined;
  const theme = withoutPrototype(given);
  return {
    replaced: withoutPrototype(pages),
    layout,
    logo,
    locale,
    formTargets: trustedOrigins,
    colorScheme: colorScheme(theme),
    css: themeCss(theme) + style,
    languages: languagesOf(messages),
  } satisfies PageSettings;
}

/** What a language lacks is taken from the closest one that we have, `de` for `de-AT`, else from English. */
function languagesOf(given: Readonly<Record<string, Partial<Messages>>>): Language[] {
  const ours = Object.entries(locales).map(([tag, texts]) => toLanguage(tag, texts));
  const theirs = Object.entries(given).map(([tag, texts]) => {
    const own = Object.entries(texts).filter(([, text]) => text !== undefined);
    return toLanguage(tag, { ...en, ...closest(tag, ours)?.messages, ...Object.fromEntries(own) });
  });
  const replaced = new Set(theirs.map(({ tag }) => tag));
  return [...ours.filter(({ tag }) => !replaced.has(tag)), ...theirs];
}

function toLanguage(tag: string, messages: Messages): Language {
  const { baseName } = new Intl.Locale(tag);
  return { tag: baseName, messages, likely: new Intl.Locale(tag).maximize() };
}
