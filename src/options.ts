import type { Request } from 'express';
import type { SessionData } from 'express-session';
import { checkOptions } from './check-options.ts';
import { createKeyRing } from './crypto/key-ring.ts';
import { isMfaError, MfaConfigError } from './errors.ts';
import { createEventHub } from './events.ts';
import { createFaultReporter } from './fault-reporter.ts';
import { faultText } from './fault-text.ts';
import type { HttpSettings, LogInAnswer, LoginDetails } from './http/settings.ts';
import { type PageOptions, resolvePages } from './page-options.ts';
import { createSilences } from './silence.ts';
import { isMemoryStore } from './stores/memory.ts';
import type { MfaStore } from './stores/store.ts';
import type { UserId } from './user-id.ts';
import { withoutPrototype } from './without-prototype.ts';

/**
 * What `createMfaRouter` is given. `Id` is what the host's user ids are, inferred from `currentUserId`, so
 * name that option before the hooks that are handed one.
 */
export interface MfaOptions<Id extends UserId = UserId> extends PageOptions {
  /** The name of your app, as authenticator apps show it; without a colon. */
  readonly issuer: string;
  /** 32 random bytes each, in base64, newest first: the first seals, all of them open. */
  readonly keys: readonly (string | undefined)[];
  /** Where accounts live: `redisMfaStore(client)`, say. */
  readonly store: MfaStore;
  /** Whom the app itself takes for logged in on this request; undefined for a guest. */
  readonly currentUserId: (req: Request) => Id | null | undefined | Promise<Id | null | undefined>;
  /**
   * Logs a user in, in the app's own way, once nothing is missing any more; within 1.8 s, else it is 503. May
   * give `{ data }` for the client, which must be JSON.
   */
  readonly logIn: (req: Request, userId: Id, login: LoginDetails) => LogInAnswer | Promise<LogInAnswer>;
  /** What authenticator apps show beside the issuer: an e-mail address, say; 1 to 255 characters that fit a QR code. */
  readonly accountName: (userId: Id) => string | Promise<string>;
  /**
   * Whether the password is right; `'no_password'` for a user who has none. With it, changing factors asks for
   * the password. A wrong one counts in the same budget as a wrong code. Called with an empty text to learn
   * whether there is one, where none was sent, for a page and for the status: that is no attempt, and must not
   * be counted.
   */
  readonly verifyPassword?: (
    userId: Id,
    password: string,
  ) => boolean | 'no_password' | Promise<boolean | 'no_password'>;
  /**
   * Whether the app itself, by a flag of its own that it keeps from the events, knows this user to have a second
   * step. Asked where the store has no account: true makes that a fault (503, `account.missing`), so that a
   * database that lost accounts does not switch anybody's second step off.
   */
  readonly isEnrolled?: ((userId: Id) => boolean | Promise<boolean>) | undefined;
  /** Where browsers see the router. Default: `/mfa`. */
  readonly path?: string | undefined;
  /** The page that asks for the second step. Default: `challenge` below `path`. */
  readonly challengePath?: string | undefined;
  /** The page that sets up a second factor. Default: `setup` below `path`. */
  readonly setupPath?: string | undefined;
  /** The app's own login page. Default: `/login`. */
  readonly loginPath?: string | undefined;
  /** Where a login leads that was not on its way elsewhere. Default: `/`. */
  readonly homePath?: string | undefined;
  /** The session keys that survive a login, and no others do. Default: none. */
  readonly preserveSession?: readonly Exclude<keyof SessionData, 'cookie' | 'mfa'>[];
  /** Origins of other sites of yours that may post to the router: `https://app.example.com`. Default: none. */
  readonly trustedOrigins?: readonly string[] | undefined;
  /** Tells the users of this router from those of another one in the same app: lower-case letters, digits, `-`. */
  readonly realm?: string | undefined;
  /**
   * Told of each session that gets a new id, for an app that keeps a list of them: `req.sessionID` is the new one. Runs
   * once both are in the store, and before the answer; where it fails or is late, the session is removed (503).
   */
  readonly sessionRenewed?: NonNullable<HttpSettings['sessionRenewed']>;
  /** Answers what the guard denies, instead of the library. */
  readonly onDenied?: NonNullable<HttpSettings['onDenied']>;
  /**
   * Hears of errors that hooks and listeners throw; and of faults of stores, sessions and late hooks, an `MfaError`
   * with its `cause`, once a minute at most for each kind. Default: `console.error`, in production the message only.
   */
  readonly onError?: HttpSettings['onError'];
  /** A clock for tests, in ms since the epoch; refused in production. */
  readonly now?: (() => number) | undefined;
}

const realmsInUse = new Set<string>();

/**
 * The only place where an option has a default. Everything is checked here, when the app starts.
 *
 * @throws MfaConfigError where an option is missing or wrong.
 */
export function resolveOptions<Id extends UserId>(given: MfaOptions<Id>): HttpSettings {
  checkOptions(given);
  // What a hostile merge has put on Object.prototype is nobody's option.
  // What the hooks are handed are the ids that the host itself has given: nothing here makes one.
  const options = withoutPrototype(given as unknown as MfaOptions);
  const production = process.env.NODE_ENV === 'production';
  const { realm = '', path = '/mfa', now = Date.now } = options;
  const keyRing = createKeyRing(options.keys);
  if (production && isMemoryStore(options.store)) {
    throw new MfaConfigError(
      'Use a durable `store` in production: memoryMfaStore forgets who has a second step.',
    );
  }
  if (production && options.now)
    throw new MfaConfigError('Remove `now` in production: it is a clock for tests.');
  claimRealm(options);

  const base = path.replace(/\/$/, '');
  const warnOnce = createWarner();
  const onError = sheltered(options.onError ?? defaultOnError(production), warnOnce);
  return {
    flows: {
      store: options.store,
      keyRing,
      realm,
      issuer: options.issuer,
      now,
      events: createEventHub(onError),
      reportFault: createFaultReporter(onError, now),
      silences: createSilences(),
      accountName: options.accountName,
      verifyPassword: options.verifyPassword,
      isEnrolled: options.isEnrolled,
    },
    currentUserId: options.currentUserId,
    logIn: options.logIn,
    sessionKey: realm === '' ? 'mfa' : `mfa:${realm}`,
    preserveSession: options.preserveSession ?? [],
    path: base,
    challengePath: options.challengePath ?? `${base}/challenge`,
    setupPath: options.setupPath ?? `${base}/setup`,
    loginPath: options.loginPath ?? '/login',
    homePath: options.homePath ?? '/',
    pages: resolvePages(options),
    trustedOrigins: new Set(options.trustedOrigins),
    sessionRenewed: options.sessionRenewed,
    onDenied: options.onDenied,
    onError,
    production,
    warnOnce,
  };
}

/** A customer 7 who is halfway through a login must not be able to complete it as admin 7. */
function claimRealm({ realm = '', now }: MfaOptions): void {
  // A router with a clock of its own is a test's: those build the app anew for every test.
  if (now) return;
  if (realmsInUse.has(realm)) {
    throw new MfaConfigError(
      'Give each router of an app its own `realm` (and each router of a test its own clock, `now`).',
    );
  }
  realmsInUse.add(realm);
}

function createWarner(): HttpSettings['warnOnce'] {
  const said = new Set<string>();
  return (topic, sentence) => {
    if (said.has(topic)) return;
    said.add(topic);
    process.emitWarning(sentence, { type: 'ExpressMfaWarning' });
  };
}

function defaultOnError(production: boolean): HttpSettings['onError'] {
  // Whatever a driver has put into a cause beside its sentence stays out of logs.
  return (error) => console.error('express-mfa:', production || isMfaError(error) ? faultText(error) : error);
}

/** A reporter that fails must neither turn a clear answer into a hanging request nor end the process. */
function sheltered(
  onError: HttpSettings['onError'],
  warnOnce: HttpSettings['warnOnce'],
): HttpSettings['onError'] {
  async function report(error: unknown, req?: Request): Promise<void> {
    try {
      await onError(error, req);
    } catch {
      warnOnce('onError', '`onError` itself threw an error.');
    }
  }
  return (error, req) => void report(error, req);
}
