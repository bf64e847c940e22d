import type { NextFunction, Request, Response } from 'express';
import type { FlowSettings } from '../flows/flow.ts';
import type { UserId } from '../user-id.ts';
import type { Denial } from './denial.ts';
import type { PageSettings } from './page-settings.ts';

/** How a login began, handed to `logIn`. */
export interface LoginDetails {
  /** `'password'`, or the host's own label of the first step. */
  readonly via: string;
  /** What `startLogin` was given to carry, a JSON value. */
  readonly carry: unknown;
}

/** What `logIn` may give: data for the host's client, a token say, merged into the answer. */
// biome-ignore lint/suspicious/noConfusingVoidType: a hook that returns nothing is the common case.
export type LogInAnswer = void | { readonly data?: Readonly<Record<string, unknown>> };

/** Answers a request that the guard has denied, instead of the library. */
export type OnDenied = (denial: Denial, req: Request, res: Response, next: NextFunction) => unknown;

/** That a session has another id from now on, and why: the first or second step of a login, say. */
export interface SessionRenewal {
  /** Of the session that is gone; a secret, like every session id. */
  readonly previousId: string;
  readonly reason: 'log_in' | 'step_up' | 'enrollment' | 'change';
}

/** What the HTTP layer of a router works with: the options, resolved. */
export interface HttpSettings {
  readonly flows: FlowSettings;
  readonly currentUserId: (req: Request) => UserId | null | undefined | Promise<UserId | null | undefined>;
  readonly logIn: (req: Request, userId: UserId, login: LoginDetails) => LogInAnswer | Promise<LogInAnswer>;
  /** The key in `req.session` that is ours. */
  readonly sessionKey: string;
  /** The keys that survive a login. */
  readonly preserveSession: readonly string[];
  /** Where browsers see the router. */
  readonly path: string;
  readonly challengePath: string;
  readonly setupPath: string;
  readonly loginPath: string;
  readonly homePath: string;
  /** Undefined for a router that speaks JSON only. */
  readonly pages: PageSettings | undefined;
  readonly trustedOrigins: ReadonlySet<string>;
  readonly sessionRenewed: ((req: Request, renewal: SessionRenewal) => unknown) | undefined;
  readonly onDenied: OnDenied | undefined;
  /** Without `req` where an event listener threw, or what is beneath us failed. */
  readonly onError: (error: unknown, req?: Request) => void;
  readonly production: boolean;
  /** Says something once per router and topic. */
  readonly warnOnce: (topic: string, sentence: string) => void;
}
