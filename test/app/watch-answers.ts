import { expect } from '@jest/globals';
import type { Express } from 'express';

/** What every case checks as well. (Jest itself fails a test in which a promise was rejected and lost.) */
export interface WatchedAnswers {
  /** For `before` of `createTestApp`. */
  readonly watch: (app: Express) => void;
  /** For `afterEach`: no answer was a server error, and none that is ours may be kept by a cache. */
  readonly check: () => void;
  /** Gives the server errors so far, and lets `check` forget them: for the cases that speak of one. */
  readonly takeFaults: () => string[];
}

const guarded = /^\/(?:private|sensitive|lenient)/;
const ours = /^\/[a-z-]*mfa\//;

export function watchAnswers(): WatchedAnswers {
  const faults: string[] = [];
  return {
    watch(app) {
      app.use((req, res, next) => {
        const { method, path } = req;
        res.on('finish', () => {
          const cached = res.getHeader('cache-control') !== 'no-store';
          const answeredByUs = ours.test(path) || (guarded.test(path) && res.statusCode >= 400);
          if (res.statusCode >= 500) faults.push(`${method} ${path}: ${res.statusCode}`);
          if (answeredByUs && cached) faults.push(`${method} ${path}: no Cache-Control: no-store`);
        });
        next();
      });
    },
    check() {
      expect(faults.splice(0)).toEqual([]);
    },
    takeFaults: () => faults.splice(0),
  };
}
