import type { SessionData } from 'express-session';
import * as v from 'valibot';
import { createKeyRing } from './crypto/key-ring.ts';
import { MfaConfigError } from './errors.ts';
import { createEventHub } from './events.ts';
import type { FlowSettings } from './flows/flow.ts';
import type { HttpSettings } from './http/settings.ts';
import { isMemoryStore } from './stores/memory.ts';
import type { MfaStore } from './stores/store.ts';

/** What `createMfaRouter` is given. */
export interface MfaOptions {
  /** The name of your app, as authenticator apps show it; without a colon. */
  readonly issuer: string;
  /** 32 random bytes each, in base64, newest first: the first seals, all of them open. */
  readonly keys: readonly (string | undefined)[];
  /** Where accounts live: `redisMfaStore(client)`, say. */
  readonly store: MfaStore;
  /** Whom the app itself takes for logged in on this request; undefined for a guest. */
  readonly currentUserId: HttpSettings['currentUserId'];
  /** Logs a user in, in the app's own way, once nothing is missing any more. May give `{ data }` for the client. */
  readonly logIn: HttpSettings['logIn'];
  /** What authenticator apps show beside the issuer: an e-mail address, say; 1 to 255 characters. */
  readonly accountName: FlowSettings['accountName'];
  /**
   * Whether the password is right; `'no_password'` for a user who has none. With it, changing factors asks for
   * the password. A wrong one counts in the same budget as a wrong code.
   */
  readonly verifyPassword?: NonNullable<FlowSettings['verifyPassword']>;
  /** Where browsers see the router. Default: `/mfa`. */
  readonly path?: string;
  /** The page that asks for the second step. Default: `challenge` below `path`. */
  readonly challengePath?: string;
  /** The page that sets up a second factor. Default: `setup` below `path`. */
  readonly setupPath?: string;
  /** The app's own login page. Default: `/login`. */
  readonly loginPath?: string;
  /** Where a login leads that was not on its way elsewhere. Default: `/`. */
  readonly homePath?: string;
  /** The session keys that survive a login, and no others do. Default: none. */
  readonly preserveSession?: readonly Exclude<keyof SessionData, 'cookie' | 'mfa'>[];
  /** Origins of other sites of yours that may post to the router: `https://app.example.com`. Default: none. */
  readonly trustedOrigins?: readonly string[];
  /** Tells the users of this router from those of another one in the same app: lower-case letters, digits, `-`. */
  readonly realm?: string;
  /** Answers what the guard denies, instead of the library. */
  readonly onDenied?: NonNullable<HttpSettings['onDenied']>;
  /** Hears of errors that hooks and listeners throw. Default: `console.error`, in production the message only. */
  readonly onError?: HttpSettings['onError'];
  /** A clock for tests, in ms since the epoch; refused in production. */
  readonly now?: () => number;
}

type Hook = (...args: never[]) => unknown;
const hook = v.custom<Hook>((value) => typeof value === 'function', 'must be a function');
const sitePath = v.pipe(
  v.string('must be a path that begins with a slash'),
  v.regex(/^\/(?!\/)[^\\\s?#]*$/, 'must be a path that begins with a slash, without a query'),
);
const origin = v.custom<string>(
  (value) => typeof value === 'string' && URL.canParse(value) && new URL(value).origin === value,
  'must be an origin such as https://app.example.com, without a path',
);
const issuer = v.pipe(
  v.string('must be the name of your app'),
  v.regex(/^[^:]{1,100}$/, 'must be the name of your app, 1 to 100 characters without a colon'),
  v.check((value) => value.isWellFormed(), 'must be well-formed text'),
);
const store = v.custom<MfaStore>(
  (value) => typeof value === 'object' && value !== null && hasMethods(value, ['get', 'put', 'delete']),
  'must be a store with get, put and delete: redisMfaStore(client), say',
);
const sessionKey = v.pipe(
  v.string('must be a session key'),
  v.check((key) => key !== 'cookie' && key !== 'mfa' && !key.startsWith('mfa:'), 'must be a key of yours'),
);

const realmName = v.pipe(
  v.string('must be text'),
  v.regex(/^[a-z0-9-]{1,32}$/, 'must be 1 to 32 of a-z, 0-9 and -'),
);

const schema = v.strictObject({
  issuer,
  keys: v.array(v.unknown(), 'must be a list of keys'),
  store,
  currentUserId: hook,
  logIn: hook,
  accountName: hook,
  verifyPassword: v.optional(hook),
  path: v.optional(sitePath),
  challengePath: v.optional(sitePath),
  setupPath: v.optional(sitePath),
  loginPath: v.optional(sitePath),
  homePath: v.optional(sitePath),
  preserveSession: v.optional(v.array(sessionKey, 'must be a list of session keys')),
  trustedOrigins: v.optional(v.array(origin, 'must be a list of origins')),
  realm: v.optional(realmName),
  onDenied: v.optional(hook),
  onError: v.optional(hook),
  now: v.optional(hook),
});

const realmsInUse = new Set<string>();

/**
 * The only place where an option has a default. Everything is checked here, when the app starts.
 *
 * @throws MfaConfigError where an option is missing or wrong.
 */
export function resolveOptions(options: MfaOptions): HttpSettings {
  checkShape(options);
  const production = process.env.NODE_ENV === 'production';
  const { realm = '', path = '/mfa', now = Date.now, onError = defaultOnError(production) } = options;
  const keyRing = createKeyRing(options.keys);
  if (production && isMemoryStore(options.store)) {
    throw new MfaConfigError(
      'Use a durable `store` in production: memoryMfaStore forgets who has a second step.',
    );
  }
  if (production && options.now)
    throw new MfaConfigError('Remove `now` in production: it is a clock for tests.');
  claimRealm(options);

  const base = path === '/' ? '' : path;
  return {
    flows: {
      store: options.store,
      keyRing,
      realm,
      issuer: options.issuer,
      now,
      events: createEventHub((error) => onError(error)),
      accountName: options.accountName,
      verifyPassword: options.verifyPassword,
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
    trustedOrigins: new Set(options.trustedOrigins),
    onDenied: options.onDenied,
    onError,
    production,
    warnOnce: createWarner(),
  };
}

function checkShape(options: unknown): void {
  const result = v.safeParse(schema, options);
  if (result.success) return;
  const [issue] = result.issues;
  const name = v.getDotPath(issue)?.split('.')[0];
  if (name === undefined) throw new MfaConfigError('Give createMfaRouter an object of options.');
  if (!(name in schema.entries))
    throw new MfaConfigError(`Remove \`${name}\`: createMfaRouter has no such option.`);
  if (issue.input === undefined)
    throw new MfaConfigError(`Set \`${name}\`: createMfaRouter cannot do without it.`);
  throw new MfaConfigError(`\`${name}\` ${issue.message}.`);
}

function hasMethods(value: object, names: readonly string[]): boolean {
  return names.every((name) => typeof Reflect.get(value, name) === 'function');
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
  return (error) =>
    console.error('express-mfa:', production && error instanceof Error ? error.message : error);
}
