import type { RefusalType } from './flows/refusal.ts';

/** The machine-readable reason in every answer that is no success. */
export type ErrorType =
  | RefusalType
  | 'MFA_ENROLLMENT_REQUIRED'
  | 'CROSS_SITE'
  | 'METHOD_NOT_ALLOWED'
  | 'INTERNAL'
  | 'UNAVAILABLE';

const answers: Record<ErrorType, readonly [status: number, message: string]> = {
  VALIDATION_ERROR: [400, 'The request is not what this route takes.'],
  NOT_ENROLLED: [400, 'There is no second factor to change.'],
  UNAUTHENTICATED: [401, 'Log in first.'],
  NO_PENDING_LOGIN: [401, 'There is no pending verification session.'],
  INVALID_CODE: [401, 'The code is not valid.'],
  INVALID_CREDENTIALS: [401, 'The password is missing or wrong.'],
  MFA_REQUIRED: [401, 'The second step is required.'],
  MFA_ENROLLMENT_REQUIRED: [403, 'A second factor must be set up first.'],
  CROSS_SITE: [403, 'The request comes from another site.'],
  METHOD_NOT_ALLOWED: [405, 'This route does not have that method.'],
  CONFLICT: [409, 'A second factor is already set up.'],
  NO_PENDING_ENROLLMENT: [409, 'There is no enrollment to complete.'],
  TOO_MANY_ATTEMPTS: [429, 'Too many attempts: wait before the next one.'],
  INTERNAL: [500, 'Something went wrong.'],
  UNAVAILABLE: [503, 'The second step is not available at the moment.'],
};

/** The HTTP status of an error type. */
export function statusOf(errorType: ErrorType): number {
  return answers[errorType][0];
}

/** The sentence of an error type, for people. */
export function messageOf(errorType: ErrorType): string {
  return answers[errorType][1];
}
