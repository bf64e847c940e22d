import { writeSync } from 'node:fs';

/**
 * Ends a jest run with one plain line: `N passed, N failed`, and `, N skipped` where there are any. A loud line
 * before it for each reason that titles give, as in `the pages (skipped: there is no Chromium)`.
 */
export default class SummaryReporter {
  onRunComplete(_contexts, results) {
    // A file that did not compile has no tests to count, and is a failure all the same.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const line = `${results.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`;
    // At exit, because jest's own summary and the coverage verdict are written after this call.
    process.once('exit', () => writeSync(1, skippedFor(results) + line));
  }
}

function skippedFor({ testResults }) {
  const counts = new Map();
  for (const { status, fullName } of testResults.flatMap((file) => file.testResults)) {
    const reason = status === 'pending' && /\(skipped: ([^)]+)\)/.exec(fullName)?.[1];
    if (reason) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].map(([reason, count]) => `SKIPPED: ${count} tests, because ${reason}\n`).join('');
}
