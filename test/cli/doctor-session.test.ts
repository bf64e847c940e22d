import { describe, expect, test } from '@jest/globals';
import { MemoryStore } from 'express-session';
import { checkSession } from '../../src/cli/doctor/check-session.ts';

const fineCookie = { secure: true, sameSite: 'lax', maxAge: 86_400_000 };
const fine = {
  secret: 'x'.repeat(32),
  name: 'acme',
  resave: false,
  saveUninitialized: false,
  store: new Map(),
  cookie: fineCookie,
};

/** Every finding that is not ok, by its mark and the beginning of its sentence. */
function complaints(session: object | undefined, { trustProxy = 1, production = true }: Surroundings = {}) {
  const findings = checkSession({ session: session && { ...session }, trustProxy, production });
  return findings.map(({ mark, sentence }) => `${mark}: ${sentence.split(':')[0]}`);
}
interface Surroundings {
  trustProxy?: unknown;
  production?: boolean;
}

test('settings as they should be are one finding', () => {
  expect(complaints(fine)).toEqual(['ok: The options of express-session are as they should be.']);
});

test('without settings nothing is known', () => {
  expect(complaints(undefined)).toEqual([
    'warning: Give `session` in the config module, the options of express-session',
  ]);
});

test('the defaults of express-session are found wanting, each with its sentence', () => {
  const findings = checkSession({
    session: { secret: 'keyboard cat' },
    trustProxy: undefined,
    production: true,
  });
  expect(findings.map(({ mark, about, sentence }) => [mark, about, sentence.split(':')[0]])).toEqual([
    ['warning', 'session', 'Set `resave'],
    ['warning', 'session', 'Set `saveUninitialized'],
    ['error', 'session', 'Give express-session a `store` such as connect-redis'],
    ['error', 'session', 'Set `secret` to 32 random bytes, as `express-mfa keygen` prints them'],
    ['warning', 'session', 'Give the session cookie a `name` of your own'],
    ['error', 'cookie', 'Set `cookie.secure'],
    ['warning', 'cookie', 'Set `cookie.sameSite'],
  ]);
  for (const { sentence } of findings) expect(sentence).toMatch(/^[A-Z].*: .*\.$/);
});

describe('each setting by itself', () => {
  const secret = 'Set `secret` to 32 random bytes, as `express-mfa keygen` prints them';
  test.each<[string, object, string[]]>([
    ['resave: true', { resave: true }, ['warning: Set `resave']],
    ['resave left out', { resave: undefined }, ['warning: Set `resave']],
    ['saveUninitialized: true', { saveUninitialized: true }, ['warning: Set `saveUninitialized']],
    [
      'a store in memory',
      { store: new MemoryStore() },
      ['error: Give express-session a `store` such as connect-redis'],
    ],
    ['no store', { store: undefined }, ['error: Give express-session a `store` such as connect-redis']],
    ['no secret', { secret: undefined }, [`error: ${secret}`]],
    ['no secret in a list', { secret: [] }, [`error: ${secret}`]],
    ['a short secret', { secret: 'x'.repeat(31) }, [`warning: ${secret}`]],
    ['a short secret in a Buffer', { secret: Buffer.alloc(31) }, [`error: ${secret}`]],
    ['a secret in a Buffer', { secret: Buffer.alloc(32) }, []],
    [
      'a list of secrets',
      { secret: ['x'.repeat(32), 'Secret', 'short'] },
      [`error: ${secret}`, `warning: ${secret}`],
    ],
    ['the default name', { name: undefined }, ['warning: Give the session cookie a `name` of your own']],
  ])('%s', (_what, options, expected) => {
    expect(complaints({ ...fine, ...options })).toEqual(
      expected.length > 0 ? expected : ['ok: The options of express-session are as they should be.'],
    );
  });

  test.each<[string, object, string[]]>([
    ['not httpOnly', { httpOnly: false }, ['error: Remove `cookie.httpOnly']],
    ['no sameSite', { sameSite: undefined }, ['warning: Set `cookie.sameSite']],
    ['sameSite: none', { sameSite: 'none' }, ['warning: Set `cookie.sameSite']],
    ['31 days', { maxAge: 31 * 86_400_000 }, ['warning: Shorten `cookie.maxAge` of 31 days to 30 or less']],
  ])('the cookie: %s', (_what, cookie, expected) => {
    expect(complaints({ ...fine, cookie: { ...fineCookie, ...cookie } })).toEqual(expected);
  });

  test('a cookie that is not secure is an error in production, else a warning', () => {
    const session = { ...fine, cookie: { ...fineCookie, secure: false } };
    expect(complaints(session)).toEqual(['error: Set `cookie.secure']);
    expect(complaints(session, { production: false })).toEqual(['warning: Set `cookie.secure']);
  });

  test('a cookie that is made anew for each request cannot be looked at', () => {
    expect(complaints({ ...fine, cookie: () => fineCookie })).toEqual(['warning: Look at `cookie` yourself']);
  });

  test('a secret is never told', () => {
    const findings = checkSession({
      session: { secret: ['hunter2', 'keyboard cat'] },
      trustProxy: 1,
      production: true,
    });
    expect(JSON.stringify(findings)).not.toMatch(/hunter2|keyboard cat/);
  });
});

describe('trust proxy', () => {
  const sentence = 'warning: Set `trust proxy`, and give it here as `trustProxy`';
  test.each([[undefined], [false], [0]])('is needed for a secure cookie: %j', (trustProxy) => {
    expect(complaints(fine, { trustProxy: trustProxy ?? false })).toEqual([sentence]);
  });

  test('is not asked for where express-session has its own option', () => {
    expect(complaints({ ...fine, proxy: true }, { trustProxy: false })).toHaveLength(1);
    expect(complaints({ ...fine, proxy: true }, { trustProxy: false })[0]).toMatch(/^ok/);
  });

  test('should be a number, and not everybody', () => {
    expect(complaints(fine, { trustProxy: true })).toEqual([
      'warning: Set `trust proxy` to the number of your proxies',
    ]);
  });
});
