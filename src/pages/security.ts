import { alertBox } from './alert-box.ts';
import { codeField, passwordField } from './fields.ts';
import { fillIn } from './fill-in.ts';
import { form } from './form.ts';
import { type Html, html } from './html.ts';
import type { PagePropsOf } from './page-props.ts';
import { placeProblem } from './problem-text.ts';
import { withQuery } from './with-query.ts';

type Props = PagePropsOf<'security'>;
type Change = 'disable' | 'regenerate';

/** What is on, how many codes are left, and what can be changed. */
export function securityPage(props: Props): Html {
  const { messages, enrolled, homePath, issuer } = props;
  return html`<h1>${messages.securityTitle}</h1>
${enrolled ? whatIsOn(props) : off(props)}
<ul class="mfa-links"><li><a href="${homePath}">${fillIn(messages.toHome, { issuer })}</a></li></ul>`;
}

function off(props: Props): Html {
  const { messages, path } = props;
  return html`${alertBox(placeProblem(props, {}).form)}
<p>${messages.securityOff}</p>
<p><a class="mfa-button" href="${path}/setup">${messages.securitySetUp}</a></p>`;
}

function whatIsOn(props: Props): Html {
  const {
    messages,
    authenticator,
    backupCodesRemaining,
    backupCodesLow,
    backupCodesUnsaved,
    authority,
    sentForm,
    canReplace,
    path,
    loginPath,
    problem,
  } = props;
  return html`${(!sentForm || authority === 'log_in') && alertBox(placeProblem(props, {}).form)}
<p>${messages.securityOn}</p>
<dl class="mfa-facts">
<dt>${messages.authenticator}</dt><dd>${authenticator === 'on' ? messages.authenticatorOn : messages.authenticatorLocked}</dd>
<dt>${messages.backupCodesLeft}</dt><dd>${backupCodesRemaining}</dd>
</dl>
${backupCodesLow && html`<p class="mfa-notice">${messages.backupCodesLow}</p>`}
${backupCodesUnsaved && html`<p class="mfa-notice">${messages.backupCodesUnsaved} <a href="${path}/backup-codes">${messages.backupCodesTitle}</a></p>`}
${canReplace && html`<p><a href="${path}/setup">${messages.replaceAuthenticator}</a></p>`}
${
  authority === 'log_in'
    ? html`${problem?.errorType !== 'UNAUTHENTICATED' && html`<p>${messages.logInAgain}</p>`}<p><a class="mfa-button" href="${withQuery(loginPath, { return_to: `${path}/security` })}">${messages.toLogin}</a></p>`
    : html`${change(props, 'regenerate')}${change(props, 'disable')}`
}`;
}

/** A change folded away below its name, so that the page stays short; open where something was wrong. */
function change(props: Props, name: Change): Html {
  const { messages, authority, asksForCode } = props;
  const isThis = props.sentForm === name;
  const asks = { code: asksForCode ? ('any' as const) : undefined, password: authority === 'password' };
  const wrong = isThis ? placeProblem(props, asks) : {};
  return html`<details class="mfa-change"${isThis && html` open`}>
<summary>${messages[name]}</summary>
<p>${name === 'disable' ? messages.disableHint : messages.regenerateHint}</p>
${alertBox(wrong.form)}
${form(props, {
  action: name === 'disable' ? '/totp/disable' : '/totp/regenerate-backup-codes',
  fields: [
    asks.password &&
      passwordField({
        id: `${name}-password`,
        label: messages.passwordLabel,
        error: wrong.password,
        focus: wrong.password !== undefined,
      }),
    asks.code &&
      codeField({
        id: `${name}-code`,
        kind: asks.code,
        label: messages.anyCodeLabel,
        error: wrong.code,
        focus: wrong.code !== undefined,
      }),
  ],
  button: messages[name],
  dangerous: name === 'disable',
})}
</details>`;
}
