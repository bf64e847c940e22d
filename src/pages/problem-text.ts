import type { ErrorType } from '../error-types.ts';
import type { Html } from './html.ts';
import type { Messages } from './messages/en.ts';
import type { PageProps } from './page-props.ts';
import { waitSentence } from './wait.ts';

/** What a code field takes: it decides how a wrong code is spoken of. */
export type CodeKind = 'totp' | 'backup_code' | 'any';

type ProblemText = Html | string | undefined;

/** The sentence about a problem, where it belongs: beside a field that the form has, or above the form. */
export function placeProblem(
  props: PageProps,
  fields: { code?: CodeKind | undefined; password?: boolean },
): { code?: ProblemText; password?: ProblemText; form?: ProblemText } {
  const text = problemText(props, fields.code);
  const field = fieldOf(props.problem?.errorType);
  if (field === 'code' && fields.code) return { code: text };
  if (field === 'password' && fields.password) return { password: text };
  return { form: text };
}

/** A problem in words of the page's language, beside a field that takes that kind of code, or above a form. */
export function problemText(props: PageProps, kind?: CodeKind): ProblemText {
  const { problem, messages } = props;
  if (!problem) return undefined;
  if (problem.errorType === 'TOO_MANY_ATTEMPTS') {
    // A right backup code works also while others have to wait: this one was wrong.
    return kind === 'backup_code' ? messages.backupCodeWrong : waitSentence(props, problem.retryAfter ?? 0);
  }
  return messages[messageFor(problem.errorType, kind)];
}

type TextKey = Exclude<keyof Messages, 'direction'>;

function messageFor(errorType: Exclude<ErrorType, 'TOO_MANY_ATTEMPTS'>, kind: CodeKind | undefined): TextKey {
  switch (errorType) {
    case 'VALIDATION_ERROR':
      return malformed(kind);
    case 'INVALID_CODE':
      return wrong(kind);
    case 'MFA_REQUIRED':
      return 'codeMissing';
    case 'INVALID_CREDENTIALS':
      return 'passwordWrong';
    case 'UNAUTHENTICATED':
    case 'MFA_ENROLLMENT_REQUIRED':
      return 'logInAgain';
    case 'NO_PENDING_LOGIN':
      return 'loginEnded';
    case 'NO_PENDING_ENROLLMENT':
      return 'setupEnded';
    case 'CONFLICT':
      return 'alreadySetUp';
    case 'NOT_ENROLLED':
      return 'notSetUp';
    case 'CROSS_SITE':
      return 'formExpired';
    case 'METHOD_NOT_ALLOWED':
      return 'nothingHere';
    case 'UNAVAILABLE':
      return 'unavailable';
    case 'INTERNAL':
      return 'internal';
  }
}

function wrong(kind: CodeKind | undefined): TextKey {
  if (kind === 'totp') return 'codeWrong';
  return kind === 'backup_code' ? 'backupCodeWrong' : 'anyCodeWrong';
}

function malformed(kind: CodeKind | undefined): TextKey {
  switch (kind) {
    case 'totp':
      return 'codeMalformed';
    case 'backup_code':
      return 'backupCodeMalformed';
    case 'any':
      return 'anyCodeMalformed';
    case undefined:
      return 'requestUnreadable';
  }
}

function fieldOf(errorType: ErrorType | undefined): 'code' | 'password' | undefined {
  switch (errorType) {
    case 'INVALID_CODE':
    case 'MFA_REQUIRED':
    case 'TOO_MANY_ATTEMPTS':
    case 'VALIDATION_ERROR':
      return 'code';
    case 'INVALID_CREDENTIALS':
      return 'password';
    case undefined:
    case 'CONFLICT':
    case 'CROSS_SITE':
    case 'INTERNAL':
    case 'METHOD_NOT_ALLOWED':
    case 'MFA_ENROLLMENT_REQUIRED':
    case 'NOT_ENROLLED':
    case 'NO_PENDING_ENROLLMENT':
    case 'NO_PENDING_LOGIN':
    case 'UNAUTHENTICATED':
    case 'UNAVAILABLE':
      return undefined;
  }
}
