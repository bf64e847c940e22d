import type { ErrorRequestHandler } from 'express';
import { html } from 'express-mfa';
import { wantsPage } from './faces.ts';
import { sendPage } from './pages.ts';

/** The last middleware. Express 5 brings it what async handlers throw; the library's faults have status 503. */
export const answerErrors: ErrorRequestHandler = (error, req, res, next) => {
  if (res.headersSent) return next(error);
  const status = statusOf(error);
  if (status >= 500) console.error(error);
  const message = status < 500 && error instanceof Error ? error.message : 'Something went wrong.';
  if (!wantsPage(req)) return void res.status(status).json({ message });
  const body = html`<p role="alert">${message}</p><p><a href="/">To the start</a></p>`;
  sendPage(res, { title: 'That did not work', body }, status);
};

/** Refusals of ours, errors of body-parser and faults of the library carry a status. */
export function statusOf(error: unknown): number {
  const status: unknown = error instanceof Error && 'status' in error ? error.status : undefined;
  return typeof status === 'number' && status >= 400 ? status : 500;
}
