import type { IncomingMessage } from 'node:http';
import express, { type RequestHandler, type Router } from 'express';
import { type CheckResult, check, type GuardOptions, resolveGuardOptions } from './http/check.ts';
import { finishLogin, type LoginFinished, type LoginRefused } from './http/finish-login.ts';
import { type LogOutOptions, logOut } from './http/log-out.ts';
import { type Pending, pending } from './http/pending.ts';
import { requireMfa } from './http/require-mfa.ts';
import { siteLocalPath } from './http/return-to.ts';
import { mountRoutes } from './http/routes.ts';
import { type LoginStarted, type StartLoginOptions, startLogin } from './http/start-login.ts';
import { type MfaOptions, resolveOptions } from './options.ts';
import { createService, type MfaService } from './service.ts';
import type { UserId } from './user-id.ts';
import { withoutPrototype } from './without-prototype.ts';

/** An Express router with the routes of the second step, and what the host needs around it. All members are closures. */
export interface MfaRouter extends Router {
  /**
   * A middleware that lets a request pass only if the logged-in user has proven a second factor under the
   * account's present state. It reads the account, so a reset elsewhere counts at the next request.
   *
   * @throws MfaConfigError where `maxAge` is below 30,000 ms or `unenrolled` is unknown.
   */
  readonly requireMfa: (options?: GuardOptions) => RequestHandler;
  /**
   * The one entry for every first step: password, OAuth callback, magic link, password reset, remember-me.
   * Gives the session a new id, keeps only what `preserveSession` names, and either logs the user in or
   * leaves a pending login of ten minutes. Saved before it resolves.
   *
   * @throws TypeError where `userId`, `via` or `carry` cannot be used, or the session is none of express-session.
   * @throws MfaError (`status` 503; 500 where a hook threw) where the store, the session or a hook fails: then nobody is
   * logged in.
   */
  readonly startLogin: (
    req: IncomingMessage,
    userId: UserId,
    options?: StartLoginOptions,
  ) => Promise<LoginStarted>;
  /**
   * The second step, without our answer: completes the pending login of this session, or renews the proof of
   * somebody who is logged in. Where it leads is `returnTo` if that is a path of this site, else what the login
   * was started with. Never rejects.
   */
  readonly finishLogin: (
    req: IncomingMessage,
    proof: { code: unknown; returnTo?: unknown },
  ) => Promise<LoginFinished | LoginRefused>;
  /**
   * What `requireMfa` asks, without our answer; needs no more than `req.session`. Never rejects for a fault.
   *
   * @throws MfaConfigError as `requireMfa`.
   */
  readonly check: (req: IncomingMessage, options?: GuardOptions) => Promise<CheckResult>;
  /**
   * The pending login of this session, if it can still be completed.
   *
   * @throws MfaError where the store or the session fails; TypeError where the session is none of express-session.
   */
  readonly pending: (req: IncomingMessage) => Promise<Pending | undefined>;
  /**
   * Ends this session; with `everywhere`, what any session of this user has proven counts no more. The request goes on
   * as that of a guest, with a session that is saved only if something is put into it.
   *
   * @throws TypeError where it is given another option: then nothing has ended.
   * @throws MfaError where the store or the session fails; the request has no session any more all the same.
   */
  readonly logOut: (req: IncomingMessage, options?: LogOutOptions) => Promise<void>;
  /** Every flow without HTTP, for admins, scripts and other protocols. */
  readonly service: MfaService;
}

/**
 * A router that adds a second login step to an app that has users, passwords and express-session.
 *
 * @throws MfaConfigError where an option is missing or wrong: one sentence that says what to do.
 */
export function createMfaRouter<Id extends UserId = UserId>(options: MfaOptions<Id>): MfaRouter {
  const settings = resolveOptions(options);
  const router = express.Router();
  mountRoutes(router, settings);
  const members: Omit<MfaRouter, keyof Router> = {
    requireMfa: (guardOptions = {}) => requireMfa(settings, guardOptions),
    startLogin: (req, userId, login = {}) => startLogin(settings, req, { ...login, userId }),
    // A host may pass `req.body`, which Express leaves undefined where nothing was parsed.
    async finishLogin(req, proof) {
      const { code, returnTo } = withoutPrototype<Partial<typeof proof>>(proof ?? {});
      return finishLogin(settings, req, { code, returnTo: siteLocalPath(returnTo) });
    },
    async check(req, guardOptions = {}) {
      return check(settings, req, resolveGuardOptions(guardOptions));
    },
    pending: (req) => pending(settings, req),
    logOut: (req, how = {}) => logOut(settings, req, how),
    service: createService(settings.flows),
  };
  return Object.assign(router, members);
}
