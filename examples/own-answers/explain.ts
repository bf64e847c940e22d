import type { Denial, LoginRefused } from 'express-mfa';

/** The library's reasons in the words of this app. */
export function explain({ errorType }: Denial | LoginRefused): { title: string; next?: string } {
  switch (errorType) {
    case 'UNAUTHENTICATED':
    case 'NO_PENDING_LOGIN':
      return { title: 'Please log in.', next: '/login' };
    case 'MFA_REQUIRED':
      return { title: 'Please give a code of your authenticator app.', next: '/code' };
    case 'MFA_ENROLLMENT_REQUIRED':
      return { title: 'Please set up an authenticator app first.' };
    case 'INVALID_CODE':
    case 'VALIDATION_ERROR':
      return { title: 'That code is not right.', next: '/code' };
    case 'TOO_MANY_ATTEMPTS':
      return { title: 'That was too often. Please wait, or take a backup code.' };
    default:
      return { title: 'We cannot check that at the moment.' };
  }
}
