import { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { TOTP, URI } from 'otpauth';
import { beginEnrollment, confirmEnrollment } from '../app/begin-enrollment.ts';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { expectNothingKnown } from '../app/expect-nothing-known.ts';
import { expectRefusal } from '../app/expect-refusal.ts';
import { codeAt, importUser } from '../app/imported-user.ts';
import { watchAnswers } from '../app/watch-answers.ts';

let app: TestApp;
const answers = watchAnswers();
beforeAll(async () => {
  app = await createTestApp({
    before: answers.watch,
    mfa: { issuer: 'Acme & Co', accountName: (userId) => `${userId}?secret=EVIL&x=#/ü b@x` },
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  answers.check();
  expect(app.errors).toEqual([]);
});
afterAll(() => app.close());

test('EN-10 the answer shows one secret: as text, in the URI, and ten backup codes', async () => {
  const { response, secret, backupCodes } = await beginEnrollment(await app.pending('shown'));
  const { data } = response.body;
  expect(Object.keys(data).sort()).toEqual(['backup_codes', 'provisioning_uri', 'qr_code', 'secret']);
  const totp = URI.parse(data.provisioning_uri);
  if (!(totp instanceof TOTP)) throw new Error('It is no TOTP.');
  expect([totp.issuer, totp.label]).toEqual(['Acme & Co', 'shown?secret=EVIL&x=#/ü b@x']);
  expect(totp.secret.base32).toBe(secret);
  expect(new URL(data.provisioning_uri).searchParams.getAll('secret')).toEqual([secret]);
  expect(new URL(data.provisioning_uri).searchParams.getAll('issuer')).toEqual(['Acme & Co']);
  expect(data.provisioning_uri).toContain('issuer=Acme%20%26%20Co');
  expect(new Set(backupCodes).size).toBe(10);
  for (const code of backupCodes) expect(code).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4}(?:-|$)){4}$/);
});

test('EN-11 nobody else is asked for anything: no connection leaves this machine', async () => {
  const browser = await app.pending('no-egress');
  const connected = jest.spyOn(Socket.prototype, 'connect');
  const { response, secret } = await beginEnrollment(browser);
  const hosts = connected.mock.calls.flat(2).flatMap((argument: unknown) => {
    return typeof argument === 'object' && argument !== null && 'port' in argument
      ? [String(Reflect.get(argument, 'host'))]
      : [];
  });
  // The one is the request of this test.
  expect(hosts).toEqual(['127.0.0.1']);
  expect(response.body.data.qr_code).toMatch(/^data:image\/svg\+xml;base64,[A-Za-z0-9+/=]+$/);
  expect(response.text).not.toMatch(/https?:|googleapis|chart/);
  expect(response.text.split(secret)).toHaveLength(3);
});

describe('what only reads', () => {
  test.each(['/mfa/totp/enroll', '/mfa/totp/verify-enrollment'])(
    'EN-12 GET and HEAD of %s reveal no secret and begin nothing',
    async (path) => {
      const user = `reader-of-${path.split('/').at(-1)}`;
      const browser = await app.pending(user);
      const { secret } = await beginEnrollment(browser);
      const session = await app.sessionOf(browser);
      const code = codeAt(app, { secret });
      const override = { 'X-HTTP-Method-Override': 'POST' };
      for (const [method, headers] of [
        ['GET', {}],
        ['GET', override],
        ['HEAD', {}],
        ['HEAD', override],
      ] as const) {
        const response = await browser.send(method, `${path}?code=${code}&_method=POST`, undefined, headers);
        expect([response.status, response.headers.allow]).toEqual([405, 'POST']);
        expect(`${response.text}${JSON.stringify(response.headers)}`).not.toContain(secret);
        if (method === 'GET') expect(response.body.error_type).toBe('METHOD_NOT_ALLOWED');
      }
      expect(await app.sessionOf(browser)).toEqual(session);
      await expectNothingKnown(app, user);
    },
  );

  test('EN-12 nor does the status while an enrolment runs', async () => {
    const browser = await app.pending('status-reader');
    const { secret, backupCodes } = await beginEnrollment(browser);
    const status = await browser.get('/mfa/totp/status');
    expect(status.status).toBe(200);
    for (const text of [secret, ...backupCodes, 'otpauth', 'v1.']) expect(status.text).not.toContain(text);
  });
});

describe('naming somebody else', () => {
  const others = (name: string) => ({
    userId: name,
    user_id: name,
    user: name,
    id: name,
    pendingUserId: name,
    'user[id]': name,
  });
  const query = (name: string) => new URLSearchParams(others(name)).toString();
  const headers = (name: string) => ({ 'X-User-Id': name, 'X-User': name, 'X-Forwarded-User': name });

  test('EN-13 whoever enrols names nobody: body, query and headers say nothing', async () => {
    const victim = await importUser(app, 'named');
    const state = await app.rawState('named');
    const browser = await app.pending('namer');
    const target = `/mfa/totp/enroll?${query('named')}`;
    const begun = await browser.post(target, others('named'), headers('named'));
    expect(begun.status).toBe(201);
    expect(decodeURIComponent(begun.body.data.provisioning_uri)).toContain('Acme & Co:namer?');
    const { secret } = begun.body.data;
    expect(secret).not.toBe(victim.secret);
    const body = { ...others('named'), code: codeAt(app, { secret }) };
    const confirmed = await browser.post(
      `/mfa/totp/verify-enrollment?${query('named')}`,
      body,
      headers('named'),
    );
    expect(confirmed.status).toBe(200);
    expect(await app.rawState('named')).toBe(state);
    expect((await app.state('namer')).authenticators).toHaveLength(1);
    expect((await browser.get('/whoami')).body).toEqual({ userId: 'namer' });
  });

  test('EN-13 nor do status, disable, regenerate and verify', async () => {
    await importUser(app, 'enrolled-other');
    const state = await app.rawState('enrolled-other');
    const browser = await app.pending('plain');
    const [more, body] = [headers('enrolled-other'), others('enrolled-other')];
    const at = (path: string) => `/mfa/totp/${path}?${query('enrolled-other')}`;

    const status = await browser.get(at('status'), more);
    expect(status.body.data).toMatchObject({ totp_enabled: false, methods: [] });
    expectRefusal(await browser.delete(at('disable'), body, more), 400, 'NOT_ENROLLED');
    expectRefusal(await browser.post(at('regenerate-backup-codes'), body, more), 400, 'NOT_ENROLLED');
    const verified = await browser.post(at('verify'), { ...body, code: '000000' }, more);
    expectRefusal(verified, 401, 'INVALID_CODE');
    expect(await app.rawState('enrolled-other')).toBe(state);
    // The wrong code was a guess at one's own factor.
    expect((await app.state('plain')).budget.failures).toBe(1);
  });

  test("EN-13 one user's code does not confirm another's enrolment", async () => {
    const [ann, bob] = [await app.pending('ann'), await app.pending('bob')];
    const hers = await beginEnrollment(ann);
    await beginEnrollment(bob);
    expectRefusal(await confirmEnrollment(bob, codeAt(app, hers)), 401, 'INVALID_CODE');
    await expectNothingKnown(app, 'ann');
    expect((await app.mfa.service.status('bob')).enrolled).toBe(false);
  });
});
