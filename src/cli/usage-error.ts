/** The tool was called wrongly: its message is one sentence that says what to do, and the exit code is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
