import { alertBox } from './alert-box.ts';
import { codeField } from './fields.ts';
import { form } from './form.ts';
import { type Html, html } from './html.ts';
import type { PagePropsOf } from './page-props.ts';
import { placeProblem } from './problem-text.ts';
import { withQuery } from './with-query.ts';

/** The question for the second step: one field, for a code of the app or, behind a link, for a backup code. */
export function challengePage(props: PagePropsOf<'challenge'>): Html {
  const { messages, method, imported, stepUp, canSwitch, path, loginPath, returnTo, problem } = props;
  const wrong = placeProblem(props, { code: method });
  const backupCodeHelps =
    canSwitch && !imported && method === 'totp' && problem?.errorType === 'TOO_MANY_ATTEMPTS';
  const field =
    method === 'totp'
      ? codeField({
          id: 'code',
          kind: 'totp',
          label: messages.totpLabel,
          hint: messages.totpHint,
          error: backupCodeHelps ? html`${wrong.code} ${messages.tooManyAttemptsButBackupCode}` : wrong.code,
          focus: !wrong.form,
        })
      : html`<input type="hidden" name="is_backup_code" value="true">
${codeField({
  id: 'code',
  kind: 'backup_code',
  label: messages.backupCodeLabel,
  hint: imported ? undefined : messages.backupCodeHint,
  keepsCase: imported === true,
  error: wrong.code,
  focus: !wrong.form,
})}`;
  const other = method === 'totp' ? 'backup_code' : undefined;
  return html`<h1>${stepUp ? messages.stepUpTitle : messages.challengeTitle}</h1>
${alertBox(wrong.form)}
<p>${method === 'totp' ? messages.totpPrompt : messages.backupCodePrompt}</p>
${form(props, { action: '/totp/verify', fields: [field], button: messages.verify })}
${
  (canSwitch || !stepUp) &&
  html`<ul class="mfa-links">
${canSwitch && html`<li><a href="${withQuery(`${path}/challenge`, { method: other, return_to: returnTo })}">${other ? messages.useBackupCode : messages.useAuthenticator}</a></li>`}
${!stepUp && html`<li><a href="${loginPath}">${messages.cancelLogin}</a></li>`}
</ul>`
}`;
}

/** What the browser shows as the title. */
export function challengeTitle({ messages, stepUp }: PagePropsOf<'challenge'>): string {
  return stepUp ? messages.stepUpTitle : messages.challengeTitle;
}
