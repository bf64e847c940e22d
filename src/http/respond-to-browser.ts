import type { PageDetails, Problem } from '../pages/page-props.ts';
import { withQuery } from '../pages/with-query.ts';
import { withoutPrototype } from '../without-prototype.ts';
import type { PagedSettings } from './answers-html.ts';
import { type Body, readBody } from './body.ts';
import { beginCall, type Call } from './call.ts';
import { isCrossSite } from './cross-site.ts';
import { errorTypeOfFault } from './fault.ts';
import { isFormToken } from './form-token.ts';
import { failure, isReply, methodNotAllowed, type Reply } from './reply.ts';
import { carriedPath } from './return-to.ts';
import type { Route } from './route.ts';
import type { Visit } from './screen.ts';
import { problemScreen } from './screens/problem.ts';
import { detachSession, leaveSessionAlone, type SessionRequest } from './session.ts';
import { type Exchange, type Outcome, show } from './show.ts';

/**
 * The second face of a route: a form that is in order leads on to the next page, any other is shown again with
 * what is wrong. A fault is a page as well.
 */
export async function respondToBrowser(
  route: Route,
  settings: PagedSettings,
  exchange: Exchange,
): Promise<void> {
  const { req } = exchange;
  try {
    await show(settings, exchange, await outcomeOf(route, settings, exchange));
  } catch (error) {
    const errorType = errorTypeOfFault(settings, req, error);
    // express-session would wait for a frozen store once more before the last byte.
    if (errorType === 'UNAVAILABLE') detachSession(req);
    const href = withQuery(`${settings.path}${route.page}`, { return_to: carriedPath(req.query.return_to) });
    const screen = problemScreen(errorType, { href, text: 'tryAgain' });
    await show(settings, exchange, { screen, isFault: true });
  }
}

async function outcomeOf(route: Route, settings: PagedSettings, { req, res }: Exchange): Promise<Outcome> {
  const { methods } = route;
  const page = { href: `${settings.path}${route.page}`, text: 'tryAgain' } as const;
  // The address of a form that was refused, which somebody has opened again.
  if (!methods.includes(req.method)) return withoutForm(req, methodNotAllowed(methods), page);
  if (req.method === 'GET') {
    const { return_to, method } = req.query;
    const visit = visitOf(beginCall(settings, req), { return_to, is_backup_code: method === 'backup_code' });
    const screen = await route.screen(visit);
    if (Object.hasOwn(screen, 'status')) leaveSessionAlone(req);
    return { visit, screen };
  }
  if (isCrossSite(req, settings.trustedOrigins)) return withoutForm(req, failure('CROSS_SITE'), page);

  const body = await readBody(req, res);
  const call = beginCall(settings, req);
  if (isReply(body)) return shownAgain(route, visitOf(call, {}), body);
  const visit = visitOf(call, body);
  if (!isFormToken(call, body.form_token)) return shownAgain(route, visit, failure('CROSS_SITE'));
  const reply = await route.answer(call, body);
  if (!reply.body.success) return shownAgain(route, visit, reply);
  const { next } = withoutPrototype(route);
  return { visit, screen: { redirectTo: next?.(visit, reply) ?? settings.homePath } };
}

function visitOf(call: Call, { return_to, is_backup_code }: Body): Visit {
  return {
    call,
    returnTo: carriedPath(return_to),
    wantsBackupCode: is_backup_code === true || is_backup_code === 'true',
    form: undefined,
    problem: undefined,
  };
}

/** A form that was refused: its page again, as it is now, with what was wrong. */
async function shownAgain(route: Route, visit: Visit, reply: Reply): Promise<Outcome> {
  const { req, settings } = visit.call;
  // What is refused changes nothing, not even the cookie.
  leaveSessionAlone(req);
  const problem = problemOf(reply);
  if (problem.errorType === 'NO_PENDING_LOGIN') {
    // The first click of a double click may have logged this browser in: its next request tells.
    const challenge = `${settings.path}${route.page}`;
    return { screen: { redirectTo: withQuery(challenge, { return_to: visit.returnTo }) } };
  }
  const refused = { ...visit, form: route.path, problem };
  return { visit: refused, screen: await route.screen(refused), answer: reply };
}

/** A request that is refused before anybody looks at a session. */
function withoutForm(req: SessionRequest, reply: Reply, goOn: PageDetails['problem']['goOn']): Outcome {
  leaveSessionAlone(req);
  return { screen: problemScreen(problemOf(reply).errorType, goOn), answer: reply };
}

function problemOf({ body }: Reply): Problem {
  const { error_type: errorType = 'INTERNAL', data } = body;
  return typeof data?.retry_after === 'number' ? { errorType, retryAfter: data.retry_after } : { errorType };
}
