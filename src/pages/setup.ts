import { alertBox } from './alert-box.ts';
import { codeField, passwordField } from './fields.ts';
import { fillIn } from './fill-in.ts';
import { form } from './form.ts';
import { type Html, html } from './html.ts';
import type { PagePropsOf, SetupSecret } from './page-props.ts';
import { placeProblem } from './problem-text.ts';
import { withQuery } from './with-query.ts';

type Props = PagePropsOf<'setup'>;

/** The set-up: first what it means, then the QR code and the field for the first code. */
export function setupPage(props: Props): Html {
  const { messages, authenticator, homePath, issuer } = props;
  return html`<h1>${messages.setupTitle}</h1>
${authenticator ? confirmation(props, authenticator) : introduction(props)}
<ul class="mfa-links"><li><a href="${homePath}">${fillIn(messages.toHome, { issuer })}</a></li></ul>`;
}

function introduction(props: Props): Html {
  const { messages, authority, replaces, path, loginPath, returnTo, problem } = props;
  const asksForPassword = authority === 'password';
  const wrong = placeProblem(props, { password: asksForPassword });
  const password =
    asksForPassword &&
    passwordField({
      id: 'password',
      label: messages.passwordLabel,
      error: wrong.password,
      focus: wrong.password !== undefined,
    });
  return html`${alertBox(wrong.form)}
<p>${messages.setupIntro}</p>
${replaces && html`<p>${messages.setupReplaces}</p>`}
${
  authority === 'log_in'
    ? html`${problem?.errorType !== 'UNAUTHENTICATED' && html`<p>${messages.logInAgain}</p>`}<p><a class="mfa-button" href="${withQuery(loginPath, { return_to: returnTo ?? `${path}/setup` })}">${messages.toLogin}</a></p>`
    : form(props, { action: '/totp/enroll', fields: [password], button: messages.setupBegin })
}`;
}

function confirmation(props: Props, { secret, issuer, accountName, qr }: SetupSecret): Html {
  const { messages } = props;
  const wrong = placeProblem(props, { code: 'totp' });
  const groups = secret.match(/.{1,4}/g)?.join(' ');
  return html`${alertBox(wrong.form)}
<h2>${messages.scanHeading}</h2>
<p>${messages.scanPrompt}</p>
<svg class="mfa-qr" role="img" aria-label="${messages.qrCodeLabel}" viewBox="0 0 ${qr.size} ${qr.size}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${qr.size}v${qr.size}H0z"/><path fill="#000" d="${qr.path}"/></svg>
<p>${messages.secretPrompt}</p>
<dl class="mfa-facts">
<dt>${messages.secretLabel}</dt><dd><code id="mfa-secret" class="mfa-secret" dir="ltr">${groups}</code> <button type="button" class="mfa-small" data-mfa-copy="mfa-secret" data-mfa-copied="${messages.copied}" hidden>${messages.copy}</button></dd>
<dt>${messages.issuerLabel}</dt><dd>${issuer}</dd>
<dt>${messages.accountLabel}</dt><dd>${accountName}</dd>
</dl>
<p class="mfa-hint">${messages.secretHint}</p>
<h2>${messages.confirmHeading}</h2>
<p>${messages.confirmPrompt}</p>
${form(props, {
  action: '/totp/verify-enrollment',
  fields: [
    codeField({
      id: 'code',
      kind: 'totp',
      label: messages.totpLabel,
      hint: messages.totpHint,
      error: wrong.code,
      // The page is read from the top; after a slip the field is what matters.
      focus: wrong.code !== undefined,
    }),
  ],
  button: messages.confirm,
})}`;
}
