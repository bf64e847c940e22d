import type { Request } from 'express';
import { closest } from './http/language.ts';
import type { Layout, OwnPages, PageSettings } from './http/page-settings.ts';
import { locales } from './pages/locales.ts';
import { en, type Messages } from './pages/messages/en.ts';
import { style } from './pages/style.ts';
import { type Theme, themeCss } from './pages/theme.ts';

/** How the pages look and speak. */
export interface PageOptions {
  /** Pages of yours in place of ours, each a function that gives a whole document; `false` for a router that speaks JSON only. */
  readonly pages?: OwnPages | false | undefined;
  /** Puts our pages into the frame of your app. Default: a plain document. */
  readonly layout?: Layout | undefined;
  /** Colours, font and radius of our pages. */
  readonly theme?: Theme | undefined;
  /** The path of an image on your site, shown above our pages. Default: the `issuer` as text. */
  readonly logo?: string | undefined;
  /** Texts by language (BCP 47): other words for those that come with the library, or another language. What a language of yours lacks is English. */
  readonly messages?: Readonly<Record<string, Partial<Messages>>> | undefined;
  /** The language of a request, as a BCP 47 tag. Default: what the browser prefers. */
  readonly locale?: ((req: Request) => string | undefined | Promise<string | undefined>) | undefined;
}

/** The options of the pages, resolved; undefined where there shall be none. */
export function resolvePages(options: PageOptions): PageSettings | undefined {
  const { pages = {}, layout, theme = {}, logo, messages = {}, locale } = options;
  if (pages === false) return undefined;
  const css = themeCss(theme) + style;
  return { own: pages, layout, logo, css, locale, messages: { en, ...locales, ...withDefaults(messages) } };
}

/** What a language lacks is taken from the closest one that we have, `de` for `de-AT`, else from English. */
function withDefaults(given: Readonly<Record<string, Partial<Messages>>>): Record<string, Messages> {
  return Object.fromEntries(
    Object.entries(given).map(([tag, texts]) => {
      const base = locales[closest(tag, Object.keys(locales)) ?? 'en'];
      const own = Object.entries(texts).filter(([, text]) => text !== undefined);
      return [tag, { ...en, ...base, ...Object.fromEntries(own) }];
    }),
  );
}
