import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Response } from 'supertest';
import type { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { codeAt } from '../app/imported-user.ts';

let app: TestApp;
/** What anybody but the person could come to read: logs, warnings, events, errors, headers, sessions. */
const readable: string[] = [];
/** What must not be in it. */
const hidden = new Set<string>();
const statuses: number[] = [];

const all = (value: unknown) => inspect(value, { depth: 10, maxArrayLength: null, maxStringLength: null });
function record(kind: string) {
  return (...args: unknown[]): true => {
    readable.push(`${kind}: ${args.map(all).join(' ')}`);
    return true;
  };
}

beforeAll(async () => {
  for (const name of ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const)
    jest.spyOn(console, name).mockImplementation(record(`console.${name}`));
  jest.spyOn(process, 'emitWarning').mockImplementation(record('warning'));
  jest.spyOn(process.stdout, 'write').mockImplementation(record('stdout'));
  jest.spyOn(process.stderr, 'write').mockImplementation(record('stderr'));

  // No `onError`: what is logged is what the library logs by itself.
  app = await createTestApp({
    mfa: {
      onError: undefined as unknown as () => void,
      verifyPassword(userId, password) {
        // An empty text only asks whether there is a password.
        if (password !== '') hidden.add(password);
        if (password === 'throw') throw new Error('the password hook failed');
        return password === `password of ${userId}`;
      },
    },
  });
  app.mfa.service.events.on('*', record('event'));
  app.mfa.service.events.on('challenge.failed', () => Promise.reject(new Error('the listener failed')));
  const set = app.sessions.set.bind(app.sessions);
  jest.spyOn(app.sessions, 'set').mockImplementation((id, session, done) => {
    record('session')(session);
    return set(id, session, done);
  });
});
afterAll(() => app.close());

/** Sends a request, and keeps its answer's headers and the session cookie that it made. */
async function sent(browser: Browser, request: Promise<Response>): Promise<Response> {
  const response = await request;
  statuses.push(response.status);
  const { 'set-cookie': _cookie, ...headers } = response.headers;
  readable.push(`headers: ${all(headers)}`);
  if (response.status >= 400) readable.push(`refusal: ${response.text}`);
  if (browser.cookie !== '') {
    hidden.add(browser.sessionId);
    hidden.add(decodeURIComponent(browser.cookie.slice('sid='.length)));
  }
  return response;
}

const isHidden = (found: string) =>
  // A code is six digits; inside a longer number (a time) it is none.
  [...hidden].filter((text) =>
    /^\d+$/.test(text) ? new RegExp(`(?<!\\d)${text}(?!\\d)`).test(found) : found.includes(text),
  );

async function everyJourney(): Promise<void> {
  const browser = app.browser();
  const post = (path: string, body: object) => sent(browser, browser.post(path, body));
  const login = () => post('/login', { user: 'A', password: 'password of A' });
  await login();
  const { data } = (await post('/mfa/totp/enroll', { password: 'password of A' })).body;
  const code = (steps = 0) => {
    const text = codeAt(app, data, steps);
    hidden.add(text);
    return text;
  };
  for (const text of [data.secret, data.provisioning_uri, data.qr_code, ...data.backup_codes])
    hidden.add(text);
  await post('/mfa/totp/verify-enrollment', { code: '12345' });
  await post('/mfa/totp/verify-enrollment', { code: code() });
  app.clock.nextStep();
  await login();
  await post('/mfa/totp/verify', { code: 'not a code at all' });
  hidden.add('not a code at all');
  await post('/mfa/totp/verify', { code: code() });
  await post('/mfa/totp/verify', { code: code() });
  await post('/mfa/totp/verify', { code: data.backup_codes[0] });
  await post('/mfa/totp/verify', { code: data.backup_codes[0] });
  for (const password of ['wrong password', 'throw', 'password of A']) {
    await post('/mfa/totp/regenerate-backup-codes', { password });
  }
  await sent(browser, browser.get('/mfa/totp/status'));
  await sent(browser, browser.get('/private'));

  // Everything that can fail, on the way to a code.
  for (const operation of ['get', 'put'] as const) {
    jest.spyOn(app.store, operation).mockRejectedValueOnce(new Error('the store failed'));
    await post('/mfa/totp/verify', { code: data.backup_codes[1] });
  }
  await login();
  const fault = await app.mfa.service
    .finishEnrollment('A', { ticket: 'v1.aaaaaaaa.x.y', code: code() })
    .catch((error: unknown) => error);
  record('error')(fault);
  for (const stored of ['{"v":2}', 'no JSON']) {
    const before = (await app.store.get('A')) ?? { version: '', data: '' };
    jest.spyOn(app.store, 'get').mockResolvedValueOnce({ ...before, data: stored });
    record('error')(await app.mfa.service.verify('A', { code: code() }).catch((error: unknown) => error));
  }
  record('error')(
    await app.mfa.service
      .importTotp('B', data.secret.slice(1), { encoding: 'base32' })
      .catch((e: unknown) => e),
  );
  await app.mfa.service.verify('A', { code: code(1) });
}

test('IL-04 no secret, code, password, link, cookie or hash is in a log, event, error, header or session', async () => {
  await everyJourney();
  const hashes: string[] = (await app.rawState('A'))?.match(/\$2b\$10\$[./A-Za-z0-9]{53}/g) ?? [];
  expect(hashes).toHaveLength(10);
  for (const hash of hashes) hidden.add(hash);
  const [totp] = (await app.state('A')).authenticators;
  hidden.add(totp.secret);

  // The journeys went where they should, and everything was captured.
  const kinds = new Set(readable.map((text) => text.split(':')[0]));
  expect([...kinds].sort()).toEqual(['console.error', 'error', 'event', 'headers', 'refusal', 'session']);
  const logins = [200, 201, 400, 200, 200, 400, 200, 401, 200, 401];
  expect(statuses).toEqual([...logins, 401, 500, 200, 200, 200, 503, 503, 200]);
  expect(hidden.size).toBeGreaterThan(30);
  expect(new Set(app.events.map(({ name }) => name)).size).toBeGreaterThan(6);

  const found = readable.flatMap((text) => isHidden(text).map((secret) => `${secret} in ${text}`));
  expect(found).toEqual([]);
  expect(readable.filter((text) => /otpauth:|\$2[aby]\$/.test(text))).toEqual([]);
});

test('a secret in any of them would be found', () => {
  const [code = ''] = [...hidden].filter((text) => /^\d{6}$/.test(text));
  expect(isHidden(`the code ${code}.`)).toEqual([code]);
  expect(isHidden(`at: 17${code}00000`)).toEqual([]);
});
