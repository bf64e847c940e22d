import type { Request, RequestHandler, Response } from 'express';
import type { LoginStarted } from 'express-mfa';
import { type AppPage, sendPage } from './pages.ts';
import { Refusal } from './requests.ts';

/** Whether a page is asked for. Who takes anything, as curl does, gets JSON. */
export function wantsPage(req: Request): boolean {
  return req.accepts(['json', 'html']) === 'html';
}

/** What a form or a call has led to: a browser goes on to the next page, a program reads the answer. */
export function goOn(req: Request, res: Response, { to, json }: { to: string; json: object }): void {
  // 303: what comes next is a GET, and reloading it sends nothing again.
  if (wantsPage(req)) res.redirect(303, to);
  else res.json(json);
}

/** What `startLogin` says is the answer to a program, and tells a browser where to go. */
export function goOnWith(req: Request, res: Response, login: LoginStarted): void {
  goOn(req, res, { to: login.redirectTo, json: login });
}

/** A page with a form, drawn from the request; `problem` is what was wrong with what the form sent. */
export type FormPage = (req: Request, problem?: string) => AppPage | Promise<AppPage>;

/** The page of a form that nobody has filled in yet. */
export function shown(page: FormPage): RequestHandler {
  return async (req, res) => sendPage(res, await page(req));
}

/** The handler of a form, in which what it refuses is shown again. */
export function submitted(
  page: FormPage,
  handle: (req: Request, res: Response) => void | Promise<void>,
): RequestHandler {
  return async (req, res) => {
    try {
      await handle(req, res);
    } catch (error) {
      if (!(error instanceof Refusal) || !wantsPage(req)) throw error;
      sendPage(res, await page(req, error.message), error.status);
    }
  };
}
