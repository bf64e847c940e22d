import type { RequestHandler } from 'express';

/**
 * A middleware with a time limit. express-session asks its store before anything of ours runs, and waits as
 * long as the store's client does: for a server that is frozen, for seconds. What comes too late is dropped.
 * An error of the store is no fault of the app's either: both are answered with 503.
 */
export function within(ms: number, middleware: RequestHandler): RequestHandler {
  return (req, res, next) => {
    const timer = setTimeout(() => goOn(new Error('The session store does not answer.')), ms);
    let waiting = true;
    function goOn(error?: unknown): void {
      if (!waiting) return;
      waiting = false;
      clearTimeout(timer);
      if (error === undefined) next();
      else next(Object.assign(new Error('There is no session.', { cause: error }), { status: 503 }));
    }
    middleware(req, res, goOn);
  };
}
