import { longestPassword } from './users.ts';

/** What the app does not do, and why: the message is for whoever asked. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** A text in a body or a query, which may be anything: numbers, arrays and objects do not pass for text. */
export function text(fields: unknown, name: string): string | undefined {
  const own = typeof fields === 'object' && fields !== null && Object.hasOwn(fields, name);
  const value: unknown = own ? Reflect.get(fields, name) : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A field that has to be there. */
export function textField(body: unknown, name: string): string {
  const value = text(body, name);
  if (value === undefined) throw new Refusal(400, `Give \`${name}\` as text.`);
  return value;
}

/** A password that somebody wants to have. */
export function newPassword(body: unknown): string {
  const password = textField(body, 'password');
  const length = Buffer.byteLength(password);
  if (length >= 10 && length <= longestPassword) return password;
  throw new Refusal(400, `A password has 10 to ${longestPassword} bytes.`);
}
