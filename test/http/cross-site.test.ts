import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestAuthenticator } from 'express-mfa/testing';
import { isCrossSite } from '../../src/http/cross-site.ts';
import { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { codeAt, importUser } from '../app/imported-user.ts';
import { watchAnswers } from '../app/watch-answers.ts';

const answers = watchAnswers();
let app: TestApp;
let authenticator: TestAuthenticator;
/** Logged in with both steps; sends no header that a browser would add by itself. */
let victim: Browser;
beforeAll(async () => {
  app = await createTestApp({ before: answers.watch });
  authenticator = await importUser(app, 'A');
  victim = await app.full('A', authenticator);
  victim.headers = {};
  app.clock.nextStep(2);
});
afterEach(answers.check);
afterAll(() => app.close());

const json = { 'Content-Type': 'application/json' };
const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
const evil = { Origin: 'https://evil.example' };
const mutating = [
  ['POST', '/mfa/totp/enroll'],
  ['POST', '/mfa/totp/verify-enrollment'],
  ['POST', '/mfa/totp/verify'],
  ['DELETE', '/mfa/totp/disable'],
  ['POST', '/mfa/totp/disable'],
  ['POST', '/mfa/totp/regenerate-backup-codes'],
] as const;
type Method = (typeof mutating)[number][0];

/** All that it takes to change a factor of A's, were it not for the other site. */
const fields = () => ({ code: codeAt(app, authenticator), password: 'password of A' });

async function expectCrossSite(
  browser: Browser,
  request: { method?: Method; path?: string; body?: string; headers: Record<string, string> },
) {
  const { method = 'POST', path = '/mfa/totp/verify', body, headers } = request;
  const before = await everything(browser);
  const response = await browser.send(method, path, body, headers);
  expect(response.status).toBe(403);
  expect(response.body).toEqual({
    success: false,
    message: 'The request comes from another site.',
    error_type: 'CROSS_SITE',
  });
  expect(response.headers['set-cookie']).toBeUndefined();
  expect(response.headers['access-control-allow-origin']).toBeUndefined();
  expect(await everything(browser)).toEqual(before);
}

async function everything(browser: Browser) {
  const session = await app.sessionOf(browser);
  return { account: await app.rawState('A'), session, events: app.events.length, errors: app.errors.length };
}

describe.each(mutating)('%s %s', (method, path) => {
  test.each([
    ['a form', form['Content-Type'], () => `${new URLSearchParams(fields())}`],
    [
      'a multipart form',
      'multipart/form-data; boundary=x',
      () => `--x\r\nContent-Disposition: form-data; name="code"\r\n\r\n${fields().code}\r\n--x--\r\n`,
    ],
    ['text that is JSON', 'text/plain', () => JSON.stringify(fields())],
    ['JSON', json['Content-Type'], () => JSON.stringify(fields())],
  ])('CS-01 %s from another site is refused and changes nothing', async (_name, type, body) => {
    await expectCrossSite(victim, { method, path, body: body(), headers: { ...evil, 'Content-Type': type } });
  });

  test.each([
    ['Sec-Fetch-Site: cross-site', { 'Sec-Fetch-Site': 'cross-site', ...json }],
    ['Sec-Fetch-Site: same-site', { 'Sec-Fetch-Site': 'same-site', ...json }],
    ['an unknown Sec-Fetch-Site', { 'Sec-Fetch-Site': 'whatever', ...json }],
    ['an empty Sec-Fetch-Site', { 'Sec-Fetch-Site': '', ...json }],
    ['a null Origin', { Origin: 'null', ...json }],
    ['an Origin that is no URL', { Origin: 'evil', ...json }],
    ['neither header and a form', form],
    ['neither header and a type that only begins like JSON', { 'Content-Type': 'application/jsonp' }],
    ['neither header and JSON as a parameter', { 'Content-Type': 'text/plain; application/json' }],
  ])('CS-02 %s is refused and changes nothing', async (_name, headers) => {
    await expectCrossSite(victim, { method, path, body: JSON.stringify(fields()), headers });
  });
});

test.each(mutating)('CS-02 %s %s with no header and no body at all is refused', async (method, path) => {
  await expectCrossSite(victim, { method, path, headers: {} });
});

test('CS-02 a foreign port, subdomain or parent domain is another site', async () => {
  const { host, hostname } = new URL(app.url);
  for (const origin of [`http://${hostname}:1`, `http://evil.${host}`, `http://${host}.evil.example`]) {
    await expectCrossSite(victim, { body: JSON.stringify(fields()), headers: { Origin: origin, ...json } });
  }
});

test('CS-02 what Sec-Fetch-Site says is not overruled by an Origin that would do', async () => {
  const headers = { Origin: app.url, 'Sec-Fetch-Site': 'cross-site', ...json };
  await expectCrossSite(victim, { body: JSON.stringify(fields()), headers });
});

test.each([
  ['Sec-Fetch-Site: same-origin and a form', () => ({ 'Sec-Fetch-Site': 'same-origin', ...form })],
  ['Sec-Fetch-Site: none and JSON', () => ({ 'Sec-Fetch-Site': 'none', ...json })],
  ['the own Origin and a form', () => ({ Origin: app.url, ...form })],
  ['the own Origin in capitals', () => ({ Origin: app.url.toUpperCase(), ...form })],
  ['neither header and JSON', () => json],
  ['neither header and JSON with a charset', () => ({ 'Content-Type': 'application/json; charset=utf-8' })],
  [
    'neither header and blanks before the charset',
    () => ({ 'Content-Type': 'application/json  ;charset=utf-8' }),
  ],
  [
    'neither header and a blank and a tab there',
    () => ({ 'Content-Type': 'application/json \t; charset=utf-8' }),
  ],
])('%s is taken: it reaches the check of the body', async (_name, headers) => {
  const response = await victim.post('/mfa/totp/verify', '', headers());
  expect(response.status).toBe(400);
  expect(response.body.error_type).toBe('VALIDATION_ERROR');
});

test('CS-04 an attacker cannot have the victim complete a login with a code of theirs', async () => {
  const attacker = await importUser(app, 'C');
  const pending = await app.pending('A');
  pending.headers = {};
  for (const code of [codeAt(app, attacker, 1), codeAt(app, authenticator, 1)]) {
    const body = `${new URLSearchParams({ code })}`;
    await expectCrossSite(pending, { body, headers: { ...evil, ...form } });
    await expectCrossSite(pending, { body, headers: { 'Sec-Fetch-Site': 'cross-site', ...form } });
  }
  // It was neither completed nor spoilt.
  const own = await pending.post('/mfa/totp/verify', { code: codeAt(app, authenticator) });
  expect(own.body.data.user_id).toBe('A');
});

test('CS-06 no CORS header is ever emitted, also for a preflight and a trusted origin', async () => {
  const trusted = 'https://app.example.com';
  const open = await createTestApp({ before: answers.watch, mfa: { trustedOrigins: [trusted] } });
  const asked = { 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'content-type' };
  for (const [method, path] of [...mutating, ['GET', '/mfa/totp/status'], ['GET', '/private']] as const) {
    for (const sent of ['OPTIONS', method]) {
      for (const origin of [trusted, evil.Origin]) {
        const browser = new Browser(open.url, { 'Sec-Fetch-Site': 'cross-site', Origin: origin });
        const response = await browser.send(sent, path, undefined, sent === 'OPTIONS' ? asked : json);
        const cors = Object.keys(response.headers).filter((name) => name.startsWith('access-control-'));
        expect(cors).toEqual([]);
        if (sent === 'OPTIONS') expect([401, 405]).toContain(response.status);
      }
    }
  }
  await open.close();
});

test('a trusted origin passes the check, whatever Sec-Fetch-Site says; one that only resembles it does not', async () => {
  const trusted = 'https://app.example.com';
  const open = await createTestApp({ before: answers.watch, mfa: { trustedOrigins: [trusted] } });
  const verifyFrom = async (origin: string) => {
    const browser = new Browser(open.url, { 'Sec-Fetch-Site': 'cross-site', Origin: origin });
    return (await browser.post('/mfa/totp/verify', { code: '123456' })).body.error_type;
  };
  expect(await verifyFrom(trusted)).toBe('NO_PENDING_LOGIN');
  for (const origin of [
    'http://app.example.com',
    `${trusted}.evil.example`,
    `${trusted}/`,
    `${trusted}:8443`,
  ]) {
    expect(await verifyFrom(origin)).toBe('CROSS_SITE');
  }
  await open.close();
});

test('CS-02 a header that is missing is not looked for in the prototype', () => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const polluted = { 'sec-fetch-site': 'same-origin', origin: 'https://good.example' };
  for (const [name, value] of Object.entries(polluted)) {
    Object.defineProperty(Object.prototype, name, { value, configurable: true });
    try {
      expect(isCrossSite({ headers }, new Set(['https://good.example']))).toBe(true);
    } finally {
      Reflect.deleteProperty(Object.prototype, name);
    }
  }
});
