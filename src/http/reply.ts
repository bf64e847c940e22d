import type { Response } from 'express';
import { type ErrorType, messageOf, statusOf } from '../error-types.ts';
import { withoutPrototype } from '../without-prototype.ts';
import { sendText } from './send-text.ts';

/** An answer, before it is written. */
export interface Reply {
  readonly status: number;
  readonly body: {
    readonly success: boolean;
    readonly message: string;
    readonly error_type: ErrorType | undefined;
    readonly data: Readonly<Record<string, unknown>> | undefined;
  };
  readonly headers: Readonly<Record<string, string>> | undefined;
}

/** Whether there is an answer already, and not a body to go on with. */
export function isReply(value: object): value is Reply {
  return Object.hasOwn(value, 'body');
}

/** @param data named in snake_case, as the HTTP contract has it. */
export function success(message: string, data: Readonly<Record<string, unknown>>, status = 200): Reply {
  return { status, body: { success: true, message, error_type: undefined, data }, headers: undefined };
}

/** What a failure tells beside its type. */
export interface FailureDetails {
  /** Where it is not the usual one. */
  readonly status?: number;
  readonly message?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export function failure(errorType: ErrorType, details: FailureDetails = {}): Reply {
  const {
    status = statusOf(errorType),
    message = messageOf(errorType),
    data,
    headers,
  } = withoutPrototype(details);
  return { status, body: { success: false, message, error_type: errorType, data }, headers };
}

/** The answer to a method that a route does not have (RFC 9110 §15.5.6). */
export function methodNotAllowed(methods: readonly string[]): Reply {
  return failure('METHOD_NOT_ALLOWED', { headers: { Allow: methods.join(', ') } });
}

/** The answer to a refusal; a wait is told in the header and in the body, in seconds. */
export function refusal(refused: { errorType: ErrorType; retryAfter?: number | undefined }): Reply {
  const { errorType, retryAfter } = withoutPrototype(refused);
  if (retryAfter === undefined) return failure(errorType);
  return failure(errorType, {
    data: { retry_after: retryAfter },
    headers: { 'Retry-After': String(retryAfter) },
  });
}

export function send(res: Response, { status, body, headers }: Reply): void {
  sendText(res, 'application/json', JSON.stringify(body), { status, headers });
}
