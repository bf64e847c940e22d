import type { NextFunction, Request, Response } from 'express';
import { askHost } from '../ask-host.ts';
import type { Deadline } from '../deadline.ts';
import { isMfaError } from '../errors.ts';
import { answersByItself, ignoreWhatFollows } from './answered-by-host.ts';
import { deny } from './check.ts';
import type { Denial } from './denial.ts';
import { reportFault } from './fault.ts';
import { sendDenial } from './send-denial.ts';
import { leaveSessionAlone } from './session.ts';
import type { HttpSettings, OnDenied } from './settings.ts';

/** A request on its way to what is guarded. */
export interface Handling {
  readonly req: Request;
  readonly res: Response;
  readonly next: NextFunction;
  readonly deadline: Deadline;
}

/**
 * Lets `onDenied` answer, or pass the request on, while there is time. Where it does neither ours is the answer, and
 * what it does later does nothing.
 *
 * @throws Error what `onDenied` throws: that is for the host's own error handler.
 */
export async function deniedByHost(
  settings: HttpSettings,
  { onDenied, denial }: { onDenied: OnDenied; denial: Denial },
  { req, res, next, deadline }: Handling,
): Promise<void> {
  let isOver = false;
  let passOn: NextFunction = next;
  const passed = new Promise<boolean>((resolve) => {
    passOn = (error?: unknown) => {
      if (isOver) return;
      isOver = true;
      resolve(true);
      next(error);
    };
  });
  const answered = askHost(deadline, 'onDenied', () => onDenied(denial, req, res, passOn)).then(() =>
    answersByItself(res, deadline),
  );
  try {
    if (await Promise.race([passed, answered])) return;
  } catch (error) {
    // To pass on what is no error could mean to let the request pass.
    if (isMfaError(error) && error.code === 'hook_failed')
      throw error.cause instanceof Error ? error.cause : error;
    reportFault(settings, error);
  }
  isOver = true;
  if (!res.headersSent) await answerInstead(settings, { req, res });
}

async function answerInstead(
  settings: HttpSettings,
  { req, res }: Pick<Handling, 'req' | 'res'>,
): Promise<void> {
  leaveSessionAlone(req);
  await sendDenial(settings, { req, res }, deny(settings, 'UNAVAILABLE'));
  ignoreWhatFollows(res);
}
