import type { Request } from 'express';
import { askHost } from '../ask-host.ts';
import type { Deadline } from '../deadline.ts';
import { en, type Messages } from '../pages/messages/en.ts';
import type { Language, LanguageSettings } from './page-settings.ts';

/** How many languages of a browser's list are looked at: nobody reads more, and each costs some time. */
const longestList = 10;

/** The language of a page: what `locale(req)` says, else what the browser prefers; English where neither is known. */
export async function languageOf(
  { languages, locale }: LanguageSettings,
  { req, deadline }: { req: Request; deadline: Deadline },
): Promise<{ locale: string; messages: Messages }> {
  const said = locale && (await askHost(deadline, 'locale', () => locale(req)));
  for (const wanted of [said, ...req.acceptsLanguages().slice(0, longestList)]) {
    const language = wanted ? closest(wanted, languages) : undefined;
    if (language) return { locale: language.tag, messages: language.messages };
  }
  return { locale: 'en', messages: en };
}

/** The language that is wanted, else one of the same name and script: `de` for `de-AT`, but no `zh-CN` for `zh-TW`. */
export function closest(wanted: string, languages: readonly Language[]): Language | undefined {
  const spoken = likelyLocale(wanted);
  const same = languages.filter(
    ({ likely }) => likely.language === spoken?.language && likely.script === spoken.script,
  );
  return same.find(({ tag }) => tag.toLowerCase() === wanted.toLowerCase()) ?? same[0];
}

/** Undefined for what is no language tag. */
function likelyLocale(tag: string): Intl.Locale | undefined {
  try {
    return new Intl.Locale(tag).maximize();
  } catch {
    return undefined;
  }
}
