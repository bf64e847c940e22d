import { writeSync } from 'node:fs';

/** Ends a jest run with one plain line: `N passed, N failed`, and `, N skipped` where there are any. */
export default class SummaryReporter {
  onRunComplete(_contexts, results) {
    // A file that did not compile has no tests to count, and is a failure all the same.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const line = `${results.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`;
    // At exit, because jest's own summary and the coverage verdict are written after this call.
    process.once('exit', () => writeSync(1, line));
  }
}
