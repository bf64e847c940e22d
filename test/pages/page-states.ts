import type { ErrorType } from '../../src/error-types.ts';
import { renderDocument } from '../../src/pages/document.ts';
import { en } from '../../src/pages/messages/en.ts';
import { renderPage } from '../../src/pages/page.ts';
import type { PageDetails, PageName, PageProps, Problem } from '../../src/pages/page-props.ts';

/** What a page can be asked to show. */
interface PageState<Name extends PageName> {
  readonly page: Name;
  readonly details: PageDetails[Name];
  readonly problem?: Problem | undefined;
  readonly returnTo?: string;
}

/** A state of any page. */
export type AnyPageState = { [Name in PageName]: PageState<Name> }[PageName];

/** What is shown around and in a page whatever its state. */
export type Surroundings = Omit<PageProps, 'problem' | 'returnTo'> & {
  readonly logo?: string;
  readonly colorScheme?: string;
};

export const surroundings: Surroundings = {
  messages: en,
  locale: 'en',
  issuer: 'Acme',
  path: '/mfa',
  loginPath: '/login',
  homePath: '/home',
  formToken: 'T0KEN',
};

export const secret = {
  secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  issuer: 'Acme',
  accountName: 'ada@example.org',
  qr: { size: 3, path: 'M1 1h1v1h-1z' },
};
/** Whose codes, and of which day. */
export const owner = { accountName: 'ada@example.org', shownAt: new Date(2026, 10, 21) };
export const codes = ['0123-4567-89AB-CDEF', 'GHJK-MNPQ-RSTV-WXYZ'];

const yesAndNo = [true, false];
const authorities = ['nothing', 'password', 'log_in'] as const;
const quiet = {
  enrolled: true,
  authenticator: 'on',
  backupCodesRemaining: 10,
  backupCodesLow: false,
  backupCodesUnsaved: false,
  canReplace: false,
  authority: 'password',
  asksForCode: true,
  sentForm: undefined,
} as const;

const calm: readonly AnyPageState[] = [
  ...(['totp', 'backup_code'] as const).flatMap((method) =>
    yesAndNo.flatMap((canSwitch) =>
      yesAndNo.map((stepUp) => ({ page: 'challenge' as const, details: { method, canSwitch, stepUp } })),
    ),
  ),
  ...yesAndNo.flatMap((replaces) => [
    ...authorities.map((authority) => ({
      page: 'setup' as const,
      details: { authority, replaces, authenticator: undefined },
    })),
    { page: 'setup', details: { authority: 'nothing', replaces, authenticator: secret } } as const,
  ]),
  { page: 'backupCodes', details: { ...owner, codes } },
  { page: 'backupCodes', details: { ...owner, codes, accountName: undefined } },
  { page: 'backupCodes', details: { ...owner, codes: undefined } },
  { page: 'security', details: { ...quiet, enrolled: false } },
  {
    page: 'security',
    details: { ...quiet, authenticator: 'locked', backupCodesRemaining: 1, backupCodesLow: true },
  },
  { page: 'security', details: { ...quiet, canReplace: true } },
  { page: 'security', details: { ...quiet, backupCodesUnsaved: true } },
  ...authorities.flatMap((authority) =>
    yesAndNo.flatMap((asksForCode) =>
      ([undefined, 'disable', 'regenerate'] as const).map((sentForm) => ({
        page: 'security' as const,
        details: { ...quiet, authority, asksForCode, sentForm },
      })),
    ),
  ),
  ...(['toLogin', 'tryAgain', 'toHome'] as const).map((text) => ({
    page: 'problem' as const,
    details: { goOn: { href: '/on', text } },
  })),
];

const problems: { readonly [Type in ErrorType]: Problem & { readonly errorType: Type } } = {
  VALIDATION_ERROR: { errorType: 'VALIDATION_ERROR' },
  NOT_ENROLLED: { errorType: 'NOT_ENROLLED' },
  UNAUTHENTICATED: { errorType: 'UNAUTHENTICATED' },
  NO_PENDING_LOGIN: { errorType: 'NO_PENDING_LOGIN' },
  INVALID_CODE: { errorType: 'INVALID_CODE' },
  INVALID_CREDENTIALS: { errorType: 'INVALID_CREDENTIALS' },
  MFA_REQUIRED: { errorType: 'MFA_REQUIRED' },
  MFA_ENROLLMENT_REQUIRED: { errorType: 'MFA_ENROLLMENT_REQUIRED' },
  CROSS_SITE: { errorType: 'CROSS_SITE' },
  METHOD_NOT_ALLOWED: { errorType: 'METHOD_NOT_ALLOWED' },
  CONFLICT: { errorType: 'CONFLICT' },
  NO_PENDING_ENROLLMENT: { errorType: 'NO_PENDING_ENROLLMENT' },
  TOO_MANY_ATTEMPTS: { errorType: 'TOO_MANY_ATTEMPTS', retryAfter: 30 },
  INTERNAL: { errorType: 'INTERNAL' },
  UNAVAILABLE: { errorType: 'UNAVAILABLE' },
};

/** Every page with every details, without a problem and with each, and each of that on the way to somewhere, too. */
export const pageStates: readonly AnyPageState[] = calm
  .flatMap((state) => [state, ...Object.values(problems).map((problem) => ({ ...state, problem }))])
  .flatMap((state) => [state, { ...state, returnTo: '/orders?page=2&sort=<date>' }]);

/** A state in words, for the tests' messages. */
export function nameOf({ page, details, problem, returnTo }: AnyPageState): string {
  return JSON.stringify({ page, ...details, problem: problem?.errorType, returnTo });
}

/** The whole document, in our own frame. */
export function documentOf<Name extends PageName>(
  { page, details, problem, returnTo }: PageState<Name>,
  { logo, colorScheme = 'light dark', ...common }: Surroundings = surroundings,
): string {
  const rendered = renderPage(page, { ...common, problem, returnTo, ...details });
  return renderDocument(rendered, { issuer: common.issuer, logo, colorScheme }).toString();
}
