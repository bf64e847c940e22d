import { fillIn } from './fill-in.ts';
import { type Html, html } from './html.ts';
import type { Messages } from './messages/en.ts';

/** "Too many attempts. Try again in 30 seconds." The script counts the seconds down. */
export function waitSentence(
  { messages, locale }: { messages: Messages; locale: string },
  seconds: number,
): Html {
  const when = html`<span role="timer" aria-live="off" data-mfa-wait="${seconds}" data-mfa-over="${messages.waitOver}">${inTime(locale, seconds)}</span>`;
  return fillIn(messages.tooManyAttempts, { when });
}

/** "in 30 seconds", in the words of the language. Rounded up, so that nobody comes too early. */
function inTime(locale: string, seconds: number): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'always' });
  return seconds < 120 ? format.format(seconds, 'second') : format.format(Math.ceil(seconds / 60), 'minute');
}
