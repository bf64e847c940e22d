import { fillIn } from './fill-in.ts';
import { type Html, html } from './html.ts';
import type { PagePropsOf } from './page-props.ts';
import { problemText } from './problem-text.ts';

type Props = PagePropsOf<'problem'>;

/** What cannot be answered with a form: a login that has ended, an outage, a request from elsewhere. */
export function problemPage(props: Props): Html {
  const { messages, problem, goOn, issuer } = props;
  const sentence = problem?.errorType === 'CROSS_SITE' ? messages.crossSite : problemText(props);
  return html`<h1>${problemTitle(props)}</h1>
<p role="alert">${sentence}</p>
<p><a class="mfa-button" href="${goOn.href}">${fillIn(messages[goOn.text], { issuer })}</a></p>`;
}

/** What the browser shows as the title. */
export function problemTitle({ messages, problem }: Props): string {
  return problem?.errorType === 'NO_PENDING_LOGIN' ? messages.loginEndedTitle : messages.problemTitle;
}
