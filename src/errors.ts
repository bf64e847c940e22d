/** Why a flow could not be carried out. Stable: a host may switch on it. */
export type MfaErrorCode =
  | 'store_unavailable'
  | 'store_contended'
  | 'deadline_exceeded'
  | 'account_unreadable'
  | 'account_missing'
  | 'secret_unreadable'
  | 'session_unavailable'
  | 'session_failed'
  | 'hook_failed';

const sentences: Record<MfaErrorCode, string> = {
  store_unavailable: 'The store of second-factor accounts did not answer as it should.',
  store_contended: 'The account was changed by others too often in a row.',
  deadline_exceeded: 'The stores and hooks that the request waits for took too long.',
  account_unreadable: 'The stored account cannot be read.',
  account_missing: 'The app knows this user to have a second step, but the store has no account of theirs.',
  secret_unreadable: 'A stored secret cannot be opened with the keys that are listed.',
  session_unavailable: 'There is no session on this request.',
  session_failed: 'The session could not be changed and saved.',
  hook_failed: 'A hook of the app failed.',
};

/**
 * A fault: nothing was granted, nothing was told. Compare `code`, not the class: the ESM and the CommonJS
 * copy of this package have a class each. Its text never contains a secret.
 */
export class MfaError extends Error {
  override readonly name = 'MfaError';
  /** The HTTP status that fits: service unavailable; 500 for `hook_failed`, which is a fault of the app itself. */
  readonly status: 500 | 503;
  /** The same, by the name under which NestJS and http-errors look for it. */
  readonly statusCode: 500 | 503;
  readonly code: MfaErrorCode;

  constructor(code: MfaErrorCode, options?: ErrorOptions) {
    super(sentences[code], options);
    this.status = code === 'hook_failed' ? 500 : 503;
    this.statusCode = this.status;
    this.code = code;
  }
}

/**
 * The library is set up or called in a way that it refuses. The message is one sentence that says what to do. Like
 * any argument that cannot be used, it is a TypeError.
 */
export class MfaConfigError extends TypeError {
  override readonly name = 'MfaConfigError';
  readonly code = 'mfa_config';
}

/** Whether `error` is an {@link MfaError}, of whichever copy of this package. */
export function isMfaError(error: unknown): error is MfaError {
  return error instanceof Error && error.name === 'MfaError' && 'code' in error;
}

/** Whether `error` is an {@link MfaConfigError}, of whichever copy of this package. */
export function isMfaConfigError(error: unknown): error is MfaConfigError {
  return error instanceof Error && 'code' in error && error.code === 'mfa_config';
}
