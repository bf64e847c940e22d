import { isNativeError } from 'node:util/types';

/** What failed, in one line: the error and what it came from, as a driver tells it. */
export function faultText(error: unknown): string {
  if (!isNativeError(error)) return String(error);
  const { message, cause } = error;
  const tellsMore = isNativeError(cause) && !message.includes(cause.message);
  return (tellsMore ? `${message} (${cause.message})` : message).replace(/\s+/g, ' ');
}
