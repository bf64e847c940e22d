import type { Request, Response } from 'express';
import { createDeadline } from '../deadline.ts';
import { backupCodesFile } from '../pages/backup-codes-file.ts';
import { withoutPrototype } from '../without-prototype.ts';
import type { PagedSettings } from './answers-html.ts';
import { formToken } from './form-token.ts';
import { languageOf } from './language.ts';
import type { Screen, Visit } from './screen.ts';
import { sendPage } from './send-page.ts';
import { type Answer, sendRedirect, sendText } from './send-text.ts';

/** A request of a browser, and its answer. */
export interface Exchange {
  readonly req: Request;
  readonly res: Response;
}

/** What a browser gets to see, and all that it takes to show it. */
export interface Outcome {
  readonly screen: Screen;
  /** Where there is a session to show it in. */
  readonly visit?: Visit;
  readonly answer?: Answer;
  /** After a fault: then nothing of the host's is asked, since it may need what is missing. */
  readonly isFault?: boolean;
}

/** Sends a browser on, or shows it a page, or gives it a file. */
export async function show(settings: PagedSettings, exchange: Exchange, outcome: Outcome): Promise<void> {
  const { pages, flows, path, loginPath, homePath } = settings;
  const { req, res } = exchange;
  const { visit, answer, isFault = false } = withoutPrototype(outcome);
  const screen = withoutPrototype(outcome.screen);
  if ('redirectTo' in screen) return sendRedirect(res, screen.redirectTo);
  const { issuer } = flows;
  const deadline = visit?.call.deadline ?? createDeadline();
  const language = await languageOf(isFault ? { ...pages, locale: undefined } : pages, { req, deadline });
  if ('file' in screen) {
    const headers = { 'Content-Disposition': `attachment; filename="${screen.file.name}"` };
    const text = backupCodesFile({ ...language, issuer }, screen.file.backupCodes);
    return sendText(res, 'text/plain', text, { status: 200, headers });
  }
  const props = {
    ...language,
    issuer,
    path,
    loginPath,
    homePath,
    formToken: visit ? formToken(visit.call) : '',
    returnTo: visit?.returnTo ?? screen.returnTo,
    problem: screen.problem ?? visit?.problem,
  };
  await sendPage(pages, exchange, {
    screen,
    props,
    isFault,
    answer: {
      status: screen.status ?? answer?.status ?? 200,
      headers: answer && withoutPrototype(answer).headers,
    },
    deadline,
  });
}
