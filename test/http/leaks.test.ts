import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { TestAuthenticator } from 'express-mfa/testing';
import type { Response } from 'supertest';
import type { Browser } from '../app/browser.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { codeAt, importUser, wrongCode } from '../app/imported-user.ts';

let app: TestApp;
/** The one user with backup codes. */
let enrolled: TestAuthenticator;
beforeAll(async () => {
  app = await createTestApp();
  enrolled = await app.enrol('B');
});
afterEach(() => {
  jest.restoreAllMocks();
});
afterAll(() => app.close());

test('IL-01 status tells booleans, counts and method names, of this user and nobody else', async () => {
  const browser = await app.full('B', enrolled);
  for (const query of ['', '?userId=A&user=A&user_id=A']) {
    const { body } = await browser.get(`/mfa/totp/status${query}`);
    expect(body.data).toEqual({
      totp_enabled: true,
      methods: ['totp', 'backup_code'],
      backup_codes_remaining: 10,
      backup_codes_low: false,
      verified: true,
      password_required: true,
    });
  }
  const { body } = await (await app.pending('B')).get('/mfa/totp/status');
  expect(Object.keys(body.data)).toEqual(['methods', 'expires_at']);
});

describe('IL-02 the headers that keep answers out of caches, referrers and sniffers', () => {
  let full: Browser;
  let pending: Browser;
  beforeAll(async () => {
    const authenticator = await importUser(app, 'H');
    full = await app.full('H', authenticator);
    pending = await app.pending('H');
  });
  const requests: [string, number, () => Promise<Response>][] = [
    ['status', 200, () => full.get('/mfa/totp/status')],
    ['status of a guest', 401, () => app.browser().get('/mfa/totp/status')],
    ['a conditional request', 200, () => full.get('/mfa/totp/status', { 'If-None-Match': '*' })],
    ['a pending status', 401, () => pending.get('/mfa/totp/status')],
    ['a wrong code', 401, () => pending.post('/mfa/totp/verify', { code: '000000' })],
    ['bad input', 400, () => pending.post('/mfa/totp/verify', { code: 7 })],
    ['bad JSON', 400, () => pending.post('/mfa/totp/verify', '{', { 'Content-Type': 'application/json' })],
    ['too much', 413, () => pending.post('/mfa/totp/verify', { code: 'x'.repeat(5_000) })],
    ['another type', 415, () => pending.post('/mfa/totp/verify', 'x', { 'Content-Type': 'text/plain' })],
    ['another site', 403, () => pending.post('/mfa/totp/verify', {}, { 'Sec-Fetch-Site': 'cross-site' })],
    ['another method', 405, () => pending.get('/mfa/totp/verify')],
    ['HEAD', 405, () => pending.send('HEAD', '/mfa/totp/status')],
    ['OPTIONS', 405, () => pending.send('OPTIONS', '/mfa/totp/status')],
    ['enrol', 201, async () => (await app.pending('N')).post('/mfa/totp/enroll', {})],
    ['enrol while enrolled', 409, () => full.post('/mfa/totp/enroll', {})],
    ['a guard for a guest', 401, () => app.browser().get('/private')],
    ['a guard for a pending login', 401, () => pending.get('/private')],
    ['a guard for the unenrolled', 403, async () => (await app.pending('N')).get('/private')],
    [
      'a fault of the store',
      503,
      () => {
        jest.spyOn(app.store, 'get').mockRejectedValue(new Error('down'));
        return full.get('/mfa/totp/status');
      },
    ],
    [
      'a guard in a fault',
      503,
      () => {
        jest.spyOn(app.store, 'get').mockRejectedValue(new Error('down'));
        return full.get('/private');
      },
    ],
    [
      'a hook that throws',
      500,
      async () => {
        const visitor = app.browser();
        await visitor.post('/session', { userId: {} });
        return visitor.get('/mfa/totp/status');
      },
    ],
  ];
  test.each(requests)('%s (%i)', async (_name, status, send) => {
    const { headers, status: given } = await send();
    expect(given).toBe(status);
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers.etag).toBeUndefined();
    expect(headers['last-modified']).toBeUndefined();
  });
});

test('IL-03 the secret is told in one answer’s body, and in no URL, cookie, header or later answer', async () => {
  const browser = await app.pending('O');
  const first = await browser.post('/mfa/totp/enroll', {});
  const { secret, backup_codes } = first.body.data;
  const hidden = [secret, secret.toLowerCase(), ...backup_codes, 'otpauth'];
  const later = [
    await browser.get('/mfa/totp/status'),
    await browser.post('/mfa/totp/verify-enrollment', { code: '12345' }),
    await browser.post('/mfa/totp/verify-enrollment', {
      code: codeAt(app, { ...enrolled, secret }),
    }),
    await browser.get('/mfa/totp/status'),
    await browser.post('/mfa/totp/enroll', {}),
    await browser.get('/private'),
  ];
  expect(later.map(({ status }) => status)).toEqual([200, 400, 200, 200, 409, 200]);
  const told = JSON.stringify([first.headers, ...later.map(({ headers, text }) => [headers, text])]);
  for (const text of hidden) expect(told).not.toContain(text);
  expect(first.text.split(secret)).toHaveLength(3);
});

test('IL-06 a wrong password is answered alike whether there is a second step or not', async () => {
  const log = async (user: string, password: string) => app.browser().post('/login', { user, password }, {});
  const [ofN, ofB, ofNobody] = [await log('N', 'x'), await log('B', 'x'), await log('nobody', 'x')];
  for (const response of [ofB, ofNobody]) {
    expect([response.status, response.text]).toEqual([ofN.status, ofN.text]);
    expect(response.headers['set-cookie']).toBeUndefined();
  }
  // Only whoever knows the password learns of it.
  const right = [await log('N', 'password of N'), await log('B', 'password of B')];
  expect(right.map(({ body }) => body.status)).toEqual(['complete', 'mfa_required']);
});

test('IL-07 one answer for a code that is wrong, replayed, of another factor or of a disabled one', async () => {
  const authenticator = await importUser(app, 'F');
  const replayed = authenticator.code();
  await app.mfa.service.verify('F', { code: replayed });
  const tell = async (code: string) => {
    const { status, text, headers } = await (await app.pending('F')).post('/mfa/totp/verify', { code });
    const { date, ...rest } = headers;
    return { status, text, headers: rest };
  };
  const wrong = await tell(wrongCode(app, authenticator));
  expect([wrong.status, JSON.parse(wrong.text).error_type]).toEqual([401, 'INVALID_CODE']);
  expect(await tell(replayed)).toEqual(wrong);
  const notOurs = enrolled.backupCodes[0] ?? '';
  expect(await tell(notOurs)).toEqual(wrong);

  // A hundred failures in a row, each waited out, disable the authenticator.
  for (let failures = 2; failures < 100; failures++) {
    app.clock.move(3_600_000);
    await app.mfa.service.verify('F', { code: notOurs });
  }
  app.clock.move(3_600_000);
  expect(app.events.some(({ name }) => name === 'factor.disabled_by_failures')).toBe(true);
  expect(await tell(codeAt(app, authenticator))).toEqual(wrong);
  expect(await tell(wrongCode(app, authenticator))).toEqual(wrong);
});

test('IL-11 the session holds ids, times and sealed bytes; neither secret nor code', async () => {
  const browser = await app.pending('P');
  const { secret, backup_codes } = (await browser.post('/mfa/totp/enroll', {})).body.data;
  const running = await app.sessionOf(browser);
  expect(running.mfa.enrollment).toEqual({
    userId: 'P',
    ticket: expect.stringMatching(/^v1\.[\w-]{8}\.[\w-]{16}\.[\w-]+$/),
  });
  const bytes = Buffer.from(running.mfa.enrollment.ticket.split('.')[3], 'base64url').toString('latin1');
  const code = codeAt(app, { ...enrolled, secret });
  await browser.post('/mfa/totp/verify-enrollment', { code });
  const confirmed = await app.sessionOf(browser);
  expect(Object.keys(confirmed.mfa).sort()).toEqual(['amr', 'authenticatedAt', 'epoch', 'proofs', 'userId']);
  const pending = await app.sessionOf(await app.pending('P'));
  expect(Object.keys(pending.mfa).sort()).toEqual(['epoch', 'loginId', 'pendingUserId', 'startedAt', 'via']);
  const all = JSON.stringify([running, confirmed, pending]) + bytes;
  for (const hidden of [secret, code, ...backup_codes, 'otpauth']) expect(all).not.toContain(hidden);
});
