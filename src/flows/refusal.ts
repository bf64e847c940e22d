/** Why a flow did not do what it was asked: the `error_type`s of the HTTP contract that flows give. */
export type RefusalType =
  | 'VALIDATION_ERROR'
  | 'NOT_ENROLLED'
  | 'UNAUTHENTICATED'
  | 'NO_PENDING_LOGIN'
  | 'INVALID_CODE'
  | 'INVALID_CREDENTIALS'
  | 'MFA_REQUIRED'
  | 'CONFLICT'
  | 'NO_PENDING_ENROLLMENT'
  | 'TOO_MANY_ATTEMPTS';

/** A flow that did not do what it was asked, and what is left of a wait, in whole seconds. */
export interface Refusal {
  readonly ok: false;
  readonly errorType: RefusalType;
  readonly retryAfter?: number | undefined;
}

/** @param waitMs what is left of a wait, in ms. */
export function refuse(errorType: RefusalType, waitMs?: number): Refusal {
  return waitMs === undefined
    ? { ok: false, errorType, retryAfter: undefined }
    : { ok: false, errorType, retryAfter: Math.ceil(waitMs / 1000) };
}
