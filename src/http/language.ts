import type { Request } from 'express';
import type { Messages } from '../pages/messages/en.ts';
import type { LanguageSettings } from './page-settings.ts';

/** The language of a page: what `locale(req)` says, else what the browser prefers; English where neither is known. */
export async function languageOf(
  settings: LanguageSettings,
  req: Request,
): Promise<{ locale: string; messages: Messages }> {
  const { messages } = settings;
  const wanted = [await settings.locale?.(req), ...req.acceptsLanguages()];
  const tags = Object.keys(messages);
  for (const tag of wanted) {
    const locale = tag === undefined ? undefined : closest(tag, tags);
    const found = locale === undefined ? undefined : messages[locale];
    if (locale !== undefined && found) return { locale, messages: found };
  }
  return { locale: 'en', messages: messages.en };
}

/** Of `tags` the one that is wanted, else one of the same language and script: `de` for `de-AT`, but no `zh-CN` for `zh-TW`. */
export function closest(wanted: string, tags: readonly string[]): string | undefined {
  const spoken = likely(wanted);
  if (!spoken) return undefined;
  const same = tags.filter((tag) => {
    const other = likely(tag);
    return other?.language === spoken.language && other.script === spoken.script;
  });
  return same.find((tag) => tag.toLowerCase() === wanted.toLowerCase()) ?? same[0];
}

function likely(tag: string): Intl.Locale | undefined {
  try {
    return new Intl.Locale(tag).maximize();
  } catch {
    return undefined;
  }
}
