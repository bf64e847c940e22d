/** What failed, in one line: the error and what it came from, as a driver tells it. */
export function faultText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, cause } = error;
  const tellsMore = cause instanceof Error && !message.includes(cause.message);
  return (tellsMore ? `${message} (${cause.message})` : message).replace(/\s+/g, ' ');
}
