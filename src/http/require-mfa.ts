import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { check, checkGuardOptions, type GuardOptions } from './check.ts';
import { sendDenial } from './send-denial.ts';
import type { HttpSettings } from './settings.ts';

/** The guard as a middleware: see `MfaRouter.requireMfa`. */
export function requireMfa(settings: HttpSettings, options: GuardOptions): RequestHandler {
  checkGuardOptions(options);
  return (req, res, next) => {
    guard(settings, options, { req, res, next }).catch(next);
  };
}

async function guard(
  settings: HttpSettings,
  options: GuardOptions,
  { req, res, next }: { req: Request; res: Response; next: NextFunction },
): Promise<void> {
  const result = await check(settings, req, options);
  if (result.ok) return next();
  if (settings.onDenied) {
    await settings.onDenied(result, req, res, next);
    return;
  }
  await sendDenial(settings, { req, res }, result);
}
