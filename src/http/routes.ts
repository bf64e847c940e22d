import type { Request, Response, Router } from 'express';
import { type Body, readBody } from './body.ts';
import { beginCall, type Call } from './call.ts';
import { isCrossSite } from './cross-site.ts';
import { errorTypeOfFault } from './fault.ts';
import { failure, type Reply, send } from './reply.ts';
import { disableRoute } from './routes/disable.ts';
import { enrollRoute } from './routes/enroll.ts';
import { regenerateBackupCodesRoute } from './routes/regenerate-backup-codes.ts';
import { statusRoute } from './routes/status.ts';
import { verifyRoute } from './routes/verify.ts';
import { verifyEnrollmentRoute } from './routes/verify-enrollment.ts';
import { detachSession, leaveSessionAlone } from './session.ts';
import type { HttpSettings } from './settings.ts';

/** A route: what it listens to, and what it answers. */
interface Route {
  readonly path: string;
  readonly methods: readonly string[];
  readonly answer: (call: Call, body: Body) => Promise<Reply>;
}

/** Every route there is. */
const routes: readonly Route[] = [
  { path: '/totp/enroll', methods: ['POST'], answer: enrollRoute },
  { path: '/totp/verify-enrollment', methods: ['POST'], answer: verifyEnrollmentRoute },
  { path: '/totp/verify', methods: ['POST'], answer: verifyRoute },
  { path: '/totp/status', methods: ['GET'], answer: statusRoute },
  // HTML forms know no DELETE.
  { path: '/totp/disable', methods: ['DELETE', 'POST'], answer: disableRoute },
  { path: '/totp/regenerate-backup-codes', methods: ['POST'], answer: regenerateBackupCodesRoute },
];

/** Everything hangs on our own paths: what is not ours falls through untouched. */
export function mountRoutes(router: Router, settings: HttpSettings): void {
  for (const route of routes) {
    router.all(route.path, (req, res, next) => {
      // Express 4 does not look at a handler's promise.
      respond(route, settings, req, res).catch(next);
    });
  }
}

async function respond(route: Route, settings: HttpSettings, req: Request, res: Response): Promise<void> {
  warnOfPath(settings, req);
  try {
    const reply = await answer(route, settings, req, res);
    // What is refused changes nothing, not even the cookie: another click of the same browser may have
    // replaced it while this one was under way.
    if (!reply.body.success) leaveSessionAlone(req);
    send(res, reply);
  } catch (error) {
    const errorType = errorTypeOfFault(settings, req, error);
    // express-session would wait for a frozen store once more before the last byte.
    if (errorType === 'UNAVAILABLE') detachSession(req);
    send(res, failure(errorType));
  }
}

async function answer(route: Route, settings: HttpSettings, req: Request, res: Response): Promise<Reply> {
  const { methods } = route;
  if (!methods.includes(req.method))
    return failure('METHOD_NOT_ALLOWED', { headers: { Allow: methods.join(', ') } });
  if (req.method === 'GET') return route.answer(beginCall(settings, req), {});
  if (isCrossSite(req, settings.trustedOrigins)) return failure('CROSS_SITE');
  const body = await readBody(req, res);
  return 'status' in body ? body : route.answer(beginCall(settings, req), body);
}

function warnOfPath({ path, warnOnce }: HttpSettings, req: Request): void {
  if (req.baseUrl === path) return;
  warnOnce(
    'path',
    `The router is mounted at '${req.baseUrl}'; if browsers see it there too, set \`path\` to that.`,
  );
}
