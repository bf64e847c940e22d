import * as v from 'valibot';
import { hook, pageOptions, sitePath } from './check-page-options.ts';
import { MfaConfigError } from './errors.ts';
import type { MfaStore } from './stores/store.ts';
import { strictOwnObject } from './without-prototype.ts';

const origin = v.custom<string>(
  (value) =>
    typeof value === 'string' &&
    URL.canParse(value) &&
    new URL(value).origin === value &&
    !value.includes('*'),
  'must be an origin such as https://app.example.com, without a path or a wildcard',
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
  // It is whom Passport takes for logged in: kept, a guest would be the user before the second step.
  v.check((key) => key !== 'passport', 'must not name `passport`, which only `logIn` may set'),
);

const realmName = v.pipe(
  v.string('must be text'),
  v.regex(/^[a-z0-9-]{1,32}$/, 'must be 1 to 32 of a-z, 0-9 and -'),
);

const entries = {
  issuer,
  keys: v.array(v.unknown(), 'must be a list of keys'),
  store,
  currentUserId: hook,
  logIn: hook,
  accountName: hook,
  verifyPassword: v.optional(hook),
  isEnrolled: v.optional(hook),
  path: v.optional(sitePath),
  challengePath: v.optional(sitePath),
  setupPath: v.optional(sitePath),
  loginPath: v.optional(sitePath),
  homePath: v.optional(sitePath),
  preserveSession: v.optional(v.array(sessionKey, 'must be a list of session keys')),
  trustedOrigins: v.optional(v.array(origin, 'must be a list of origins')),
  realm: v.optional(realmName),
  sessionRenewed: v.optional(hook),
  onDenied: v.optional(hook),
  ...pageOptions,
  onError: v.optional(hook),
  now: v.optional(hook),
};
const schema = strictOwnObject(entries, 'must be an object');

/**
 * Checks the shape of every option. Keys are checked where they are read.
 *
 * @throws MfaConfigError where an option is missing, wrong or unknown.
 */
export function checkOptions(options: unknown): void {
  if (!isPlain(options)) throw new MfaConfigError('Give createMfaRouter an object of options.');
  const result = v.safeParse(schema, options);
  if (result.success) return;
  const [issue] = result.issues;
  const { path = [] } = issue;
  const [name = ''] = v.getDotPath(issue)?.split('.') ?? [];
  if (!Object.hasOwn(entries, name))
    throw new MfaConfigError(`Remove \`${name}\`: createMfaRouter has no such option.`);
  if (issue.input === undefined)
    throw new MfaConfigError(`Set \`${name}\`: createMfaRouter cannot do without it.`);
  throw new MfaConfigError(
    `\`${Object.hasOwn(pageOptions, name) ? placeOf(path) : name}\` ${issue.message}.`,
  );
}

/** `theme.dark.accent`; for a wrong key the object that it is in. */
function placeOf(path: readonly v.IssuePathItem[]): string {
  const isKey = path.at(-1)?.origin === 'key';
  return (isKey ? path.slice(0, -1) : path).map(({ key }) => String(key)).join('.');
}

function hasMethods(value: object, names: readonly string[]): boolean {
  return names.every((name) => typeof Reflect.get(value, name) === 'function');
}

/** Of an instance of a class what it inherits would be left out in silence, a `verifyPassword` say. */
function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
