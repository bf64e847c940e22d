import { test } from '@jest/globals';
import type { PageProps } from '../../src/pages/page-props.ts';
import { type AnyPageState, surroundings } from './page-states.ts';
import { elementsOf, textOf } from './read-html.ts';
import { attributeOf, expectOnNoPage, having } from './read-pages.ts';

test('A page leads where one can go on from it, and nowhere else', () => {
  expectOnNoPage(({ state, elements }) => {
    const links = elements.filter(({ name }) => name === 'a').map((link) => attributeOf('href')(link) ?? '');
    return links.join(' ') === linksOf(state).join(' ') ? [] : [...links, 'expected:', ...linksOf(state)];
  });
});

test('The help of a backup code is offered to those who have one and wait for another try with the app', () => {
  expectOnNoPage(({ state, elements }) => {
    const offered = elements.filter(
      (element) =>
        having('role', 'alert')(element) &&
        textOf(element).includes(surroundings.messages.tooManyAttemptsButBackupCode),
    );
    const isHelpful =
      state.page === 'challenge' &&
      state.details.canSwitch &&
      state.details.method === 'totp' &&
      state.problem?.errorType === 'TOO_MANY_ATTEMPTS';
    return offered.length === (isHelpful ? 1 : 0) ? [] : ['offered:', ...offered];
  });
});

test('A problem on the security page opens the form that was sent, and only that one', () => {
  expectOnNoPage(({ state, elements }) => {
    const open = elements.filter((element) => element.name === 'details' && having('open')(element));
    const actions = open.flatMap(elementsOf).flatMap((element) => attributeOf('action')(element) ?? []);
    return actions.join() === openForm(state) ? [] : [...actions, 'expected:', openForm(state)];
  });
});

function linksOf({ page, details, returnTo }: AnyPageState): string[] {
  const { path, homePath, loginPath } = surroundings;
  const setupPath = `${path}/setup`;
  const backTo = (there: string) => `${loginPath}?return_to=${encodeURIComponent(there)}`;
  switch (page) {
    case 'challenge':
      return [
        ...(details.canSwitch ? [switchOf(details.method, returnTo)] : []),
        ...(details.stepUp ? [] : [loginPath]),
      ];
    case 'setup': {
      const mustLogIn = !details.authenticator && details.authority === 'log_in';
      return [...(mustLogIn ? [backTo(returnTo ?? setupPath)] : []), homePath];
    }
    case 'backupCodes':
      return [details.codes ? `${path}/backup-codes.txt` : `${path}/security`];
    case 'security':
      if (!details.enrolled) return [setupPath, homePath];
      return [
        ...(details.backupCodesUnsaved ? [`${path}/backup-codes`] : []),
        ...(details.canReplace ? [setupPath] : []),
        ...(details.authority === 'log_in' ? [backTo(`${path}/security`)] : []),
        homePath,
      ];
    case 'problem':
      return [details.goOn.href];
  }
}

/** The way to the other method, which keeps the way that the person is on. */
function switchOf(method: 'totp' | 'backup_code', returnTo: PageProps['returnTo']): string {
  const query = new URLSearchParams({
    ...(method === 'totp' && { method: 'backup_code' }),
    ...(returnTo !== undefined && { return_to: returnTo }),
  }).toString();
  return `${surroundings.path}/challenge${query && `?${query}`}`;
}

function openForm({ page, details }: AnyPageState): string {
  if (page !== 'security' || !details.enrolled || details.authority === 'log_in' || !details.sentForm)
    return '';
  return details.sentForm === 'disable' ? '/mfa/totp/disable' : '/mfa/totp/regenerate-backup-codes';
}
