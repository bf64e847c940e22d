import type { Messages } from './messages/en.ts';
import type { PageDetails } from './page-props.ts';

/** What the file tells. */
export type BackupCodesFile = PageDetails['backupCodes'] & { readonly codes: readonly string[] };

/** The file that is downloaded: for which app, whose, of which day, and the codes. */
export function backupCodesFile(
  { messages, locale, issuer }: { messages: Messages; locale: string; issuer: string },
  { codes, accountName, shownAt }: BackupCodesFile,
): string {
  const title = messages.backupCodesFile.replaceAll('{issuer}', () => issuer);
  // A name is one line, whatever the app makes of it.
  const name = accountName?.replaceAll(/\s+/g, ' ');
  const head = [title, name, dayIn(locale, shownAt)].filter(Boolean);
  return [...head, '', ...codes, ''].join('\r\n');
}

/** The day in the words of the language, where this server is. */
export function dayIn(locale: string, date: Date): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(date);
}
