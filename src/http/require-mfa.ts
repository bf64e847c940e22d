import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { createDeadline } from '../deadline.ts';
import { check, type GuardOptions, resolveGuardOptions } from './check.ts';
import { deniedByHost } from './denied-by-host.ts';
import { sendDenial } from './send-denial.ts';
import type { HttpSettings } from './settings.ts';

/** The guard as a middleware: see `MfaRouter.requireMfa`. */
export function requireMfa(settings: HttpSettings, options: GuardOptions): RequestHandler {
  const resolved = resolveGuardOptions(options);
  return (req, res, next) => {
    guard(settings, resolved, { req, res, next }).catch(next);
  };
}

async function guard(
  settings: HttpSettings,
  options: GuardOptions,
  handling: { req: Request; res: Response; next: NextFunction },
): Promise<void> {
  const deadline = createDeadline();
  const result = await check(settings, handling.req, options, deadline);
  if (result.ok) return handling.next();
  const { onDenied } = settings;
  if (onDenied) return deniedByHost(settings, { onDenied, denial: result }, { ...handling, deadline });
  await sendDenial(settings, handling, result);
}
