import type { Request, Response, Router } from 'express';
import { script } from '../pages/script.ts';
import { withQuery } from '../pages/with-query.ts';
import { answersHtml, hasPages } from './answers-html.ts';
import { readBody } from './body.ts';
import { beginCall } from './call.ts';
import { isCrossSite } from './cross-site.ts';
import { errorTypeOfFault } from './fault.ts';
import { failure, isReply, methodNotAllowed, type Reply, send } from './reply.ts';
import { respondToBrowser } from './respond-to-browser.ts';
import type { Route } from './route.ts';
import { backupCodesSavedRoute } from './routes/backup-codes-saved.ts';
import { disableRoute } from './routes/disable.ts';
import { enrollRoute } from './routes/enroll.ts';
import { regenerateBackupCodesRoute } from './routes/regenerate-backup-codes.ts';
import { statusRoute } from './routes/status.ts';
import { verifyRoute } from './routes/verify.ts';
import { verifyEnrollmentRoute } from './routes/verify-enrollment.ts';
import type { Visit } from './screen.ts';
import { backupCodesFileScreen, backupCodesScreen } from './screens/backup-codes.ts';
import { challengeScreen } from './screens/challenge.ts';
import { securityScreen } from './screens/security.ts';
import { setupScreen } from './screens/setup.ts';
import { sendText } from './send-text.ts';
import { detachSession, leaveSessionAlone } from './session.ts';
import type { HttpSettings } from './settings.ts';

const challenge = { page: '/challenge', screen: challengeScreen };
const setup = { page: '/setup', screen: setupScreen };
const backupCodes = { page: '/backup-codes', screen: backupCodesScreen };
const security = { page: '/security', screen: securityScreen };

/** What programs and forms are answered by. */
const routes: readonly Route[] = [
  {
    path: '/totp/enroll',
    methods: ['POST'],
    answer: enrollRoute,
    ...setup,
    next: ({ call, returnTo }) => withQuery(`${call.settings.path}/setup`, { return_to: returnTo }),
  },
  {
    path: '/totp/verify-enrollment',
    methods: ['POST'],
    answer: verifyEnrollmentRoute,
    ...setup,
    next: showBackupCodes,
  },
  {
    path: '/totp/verify',
    methods: ['POST'],
    answer: verifyRoute,
    ...challenge,
    next: ({ call }, { body }) => String(body.data?.redirect_to ?? call.settings.homePath),
  },
  { path: '/totp/status', methods: ['GET'], answer: statusRoute, ...security },
  {
    path: '/totp/disable',
    // HTML forms know no DELETE.
    methods: ['DELETE', 'POST'],
    answer: disableRoute,
    ...security,
    next: toSecurity,
  },
  {
    path: '/totp/regenerate-backup-codes',
    methods: ['POST'],
    answer: regenerateBackupCodesRoute,
    ...security,
    next: showBackupCodes,
  },
];

/** What only a router with pages has. A program that asks for a page hears what it could know by itself. */
const pageRoutes: readonly Route[] = [
  { path: '/challenge', methods: ['GET'], answer: statusRoute, ...challenge },
  { path: '/setup', methods: ['GET'], answer: statusRoute, ...setup },
  { path: '/backup-codes', methods: ['GET'], answer: statusRoute, ...backupCodes },
  {
    path: '/backup-codes.txt',
    methods: ['GET'],
    answer: statusRoute,
    ...backupCodes,
    screen: backupCodesFileScreen,
    isDownload: true,
  },
  {
    path: '/backup-codes/saved',
    methods: ['POST'],
    answer: backupCodesSavedRoute,
    ...backupCodes,
    next: (visit) => visit.returnTo ?? toSecurity(visit),
  },
  { path: '/security', methods: ['GET'], answer: statusRoute, ...security },
];

function showBackupCodes({ call, returnTo }: Visit): string {
  return withQuery(`${call.settings.path}/backup-codes`, { return_to: returnTo });
}

function toSecurity({ call }: Visit): string {
  return `${call.settings.path}/security`;
}

/** Everything hangs on our own paths: what is not ours falls through untouched. */
export function mountRoutes(router: Router, settings: HttpSettings): void {
  const { pages } = settings;
  for (const route of pages ? [...routes, ...pageRoutes] : routes) {
    router.all(route.path, (req, res, next) => {
      // Express 4 does not look at a handler's promise.
      respond(route, settings, req, res).catch(next);
    });
  }
  if (!pages) return;
  router.all('/style.css', (req, res) => sendFile(req, res, 'text/css', pages.css));
  router.all('/script.js', (req, res) => sendFile(req, res, 'text/javascript', script));
}

async function respond(route: Route, settings: HttpSettings, req: Request, res: Response): Promise<void> {
  warnOfPath(settings, req);
  const isForBrowser = Object.hasOwn(route, 'isDownload') ? hasPages : answersHtml;
  if (isForBrowser(settings, req)) return respondToBrowser(route, settings, { req, res });
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
  if (!methods.includes(req.method)) return methodNotAllowed(methods);
  if (req.method === 'GET') return route.answer(beginCall(settings, req), {});
  if (isCrossSite(req, settings.trustedOrigins)) return failure('CROSS_SITE');
  const body = await readBody(req, res);
  return isReply(body) ? body : route.answer(beginCall(settings, req), body);
}

/** Our own style sheet and script: the same for everybody. */
function sendFile(req: Request, res: Response, type: string, text: string): void {
  // Nobody's session has to be looked after for them.
  leaveSessionAlone(req);
  if (req.method === 'GET') sendText(res, type, text, { status: 200 });
  else send(res, methodNotAllowed(['GET']));
}

function warnOfPath({ path, warnOnce }: HttpSettings, req: Request): void {
  if (req.baseUrl === path) return;
  warnOnce(
    'path',
    `The router is mounted at '${req.baseUrl}'; if browsers see it there too, set \`path\` to that.`,
  );
}
