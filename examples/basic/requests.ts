import type { ErrorRequestHandler } from 'express';
import { longestPassword } from './users.ts';

/** What the client did wrong; the message is for it. */
class BadRequest extends Error {
  readonly status = 400;
  readonly expose = true;
}

/** A field of a body that may be anything; numbers, arrays and objects do not pass for text. */
export function textField(body: unknown, name: string): string {
  const own = typeof body === 'object' && body !== null && Object.hasOwn(body, name);
  const value: unknown = own ? Reflect.get(body, name) : undefined;
  if (typeof value !== 'string' || value === '') throw new BadRequest(`Send \`${name}\` as text.`);
  return value;
}

/** A password that somebody wants to have. */
export function newPassword(body: unknown): string {
  const password = textField(body, 'password');
  const length = Buffer.byteLength(password);
  if (length >= 10 && length <= longestPassword) return password;
  throw new BadRequest(`A password has 10 to ${longestPassword} bytes.`);
}

/** The last middleware. Express 5 brings it what async handlers throw; the library's faults have status 503. */
export const answerErrors: ErrorRequestHandler = (error, _req, res, next) => {
  if (res.headersSent) return next(error);
  const { status = 500, expose = false, message } = error instanceof Error ? httpError(error) : {};
  if (status >= 500) console.error(error);
  res.status(status).json({ message: expose ? message : 'Something went wrong.' });
};

/** body-parser's errors are of this shape, too. */
function httpError(error: Error & { status?: unknown; expose?: unknown }) {
  const { status, expose, message } = error;
  return { status: typeof status === 'number' ? status : 500, expose: expose === true, message };
}
