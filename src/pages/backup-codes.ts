import { alertBox } from './alert-box.ts';
import { dayIn } from './backup-codes-file.ts';
import { tickBox } from './fields.ts';
import { form } from './form.ts';
import { type Html, html } from './html.ts';
import type { PagePropsOf } from './page-props.ts';
import { problemText } from './problem-text.ts';

type Props = PagePropsOf<'backupCodes'>;

/** The codes right after they were made, and a box to tick before one goes on. */
export function backupCodesPage(props: Props): Html {
  return props.codes ? list(props, props.codes) : gone(props);
}

/** What the browser shows as the title. */
export function backupCodesTitle({ codes, messages }: Props): string {
  return codes ? messages.backupCodesTitle : messages.backupCodesGoneTitle;
}

function list(props: Props, codes: readonly string[]): Html {
  const { messages, path, problem, locale, issuer, accountName, shownAt } = props;
  const notTicked = problem?.errorType === 'VALIDATION_ERROR';
  return html`<h1>${messages.backupCodesTitle}</h1>
${!notTicked && alertBox(problemText(props))}
<p>${messages.backupCodesIntro}</p>
<p class="mfa-codes-of">
${[issuer, accountName, dayIn(locale, shownAt)].map((part) => part && html`<bdi>${part}</bdi>\n`)}</p>
<ol class="mfa-codes" id="mfa-codes" dir="ltr">
${codes.map((code) => html`<li><code>${code}</code></li>\n`)}</ol>
<p class="mfa-actions">
<a class="mfa-small" href="${path}/backup-codes.txt">${messages.download}</a>
<button type="button" class="mfa-small" data-mfa-copy="mfa-codes" data-mfa-copied="${messages.copied}" hidden>${messages.copy}</button>
<button type="button" class="mfa-small" data-mfa-print hidden>${messages.print}</button>
</p>
${form(props, {
  action: '/backup-codes/saved',
  fields: [
    tickBox({
      id: 'saved',
      label: messages.savedLabel,
      error: notTicked ? messages.savedMissing : undefined,
      focus: notTicked,
    }),
  ],
  button: messages.finish,
})}`;
}

function gone(props: Props): Html {
  const { messages, path } = props;
  return html`<h1>${messages.backupCodesGoneTitle}</h1>
${alertBox(problemText(props))}
<p>${messages.backupCodesGone}</p>
<p><a class="mfa-button" href="${path}/security">${messages.toSecurity}</a></p>`;
}
