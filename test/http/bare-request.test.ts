import type { IncomingMessage } from 'node:http';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import type { Request } from 'express';
import type { MfaRouter } from 'express-mfa';
import { createTestApp, type TestApp } from '../app/create-test-app.ts';
import { importUser } from '../app/imported-user.ts';

let app: TestApp;
/** Requests as a socket's handshake or a GraphQL context has them: a session, and nothing else. */
const seen: IncomingMessage[] = [];
beforeAll(async () => {
  app = await createTestApp({
    after: (host) =>
      host.get('/bare', (req, res) => {
        seen.push({ session: req.session } as unknown as IncomingMessage);
        res.json({});
      }),
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  expect(app.errors.splice(0)).toEqual([]);
});
afterAll(() => app.close());

async function bare(browser: ReturnType<TestApp['browser']>): Promise<IncomingMessage> {
  await browser.get('/bare');
  return seen.pop() as IncomingMessage;
}

test('`check` and `pending` need no more than `req.session`', async () => {
  const authenticator = await importUser(app, 'A');
  const { mfa, clock } = app;
  const guest = await bare(app.browser());
  expect(await mfa.check(guest)).toMatchObject({ ok: false, errorType: 'UNAUTHENTICATED' });
  expect(await mfa.pending(guest)).toBeUndefined();

  const pending = await bare(await app.pending('A'));
  expect(await mfa.check(pending)).toMatchObject({ ok: false, errorType: 'MFA_REQUIRED' });
  expect(await mfa.pending(pending)).toEqual({ methods: ['totp'], expiresAt: clock.now() + 600_000 });

  const full = await bare(await app.full('A', authenticator));
  expect(await mfa.check(full, { maxAge: 60_000 })).toEqual({ ok: true, userId: 'A' });
});

test('the handshake of a socket, which has no response, logs out and goes on as a guest', async () => {
  const browser = await app.full('S', await importUser(app, 'S'));
  const { session } = (await bare(browser)) as unknown as Request;
  const { id: sessionID } = session;
  const handshake = { session, sessionID, sessionStore: app.sessions, headers: {} } as unknown as Request;
  await app.mfa.logOut(handshake);
  expect(await app.sessionOf(browser)).toBeUndefined();
  expect(handshake.session).not.toHaveProperty('mfa');
  expect(handshake.session.id).not.toBe(sessionID);
  expect(handshake.sessionID).toBeUndefined();
  expect(await app.mfa.check(handshake)).toMatchObject({ ok: false, errorType: 'UNAUTHENTICATED' });
  handshake.session.visits = 1;
  expect(handshake.sessionID).toBe(handshake.session.id);
});

test('a fault is a denial there too, and its event just knows no address', async () => {
  const full = await bare(await app.full('B', await importUser(app, 'B')));
  jest.spyOn(app.store, 'get').mockRejectedValue(new Error('down'));
  const events = app.events.length;
  expect(await app.mfa.check(full)).toMatchObject({ ok: false, status: 503, errorType: 'UNAVAILABLE' });
  expect(app.events.slice(events)).toEqual([
    {
      name: 'store.unavailable',
      userId: 'B',
      at: app.clock.now(),
      ip: undefined,
      userAgent: undefined,
      operation: 'get',
      intended: 'guard',
    },
  ]);
  expect(app.errors.splice(0)).toMatchObject([{ code: 'store_unavailable', cause: new Error('down') }]);
});

test.each<[string, (mfa: MfaRouter, req: IncomingMessage) => Promise<unknown>]>([
  ['check', (mfa, req) => mfa.check(req)],
  ['finishLogin', (mfa, req) => mfa.finishLogin(req, { code: '123456' })],
])('without a session `%s` is a denial, never a TypeError', async (_name, ask) => {
  app.clock.move(60_000);
  const answer = await ask(app.mfa, {} as IncomingMessage);
  expect(answer).toMatchObject({ ok: false, status: 503, errorType: 'UNAVAILABLE' });
  expect(app.errors.splice(0)).toMatchObject([{ code: 'session_unavailable' }]);
});

test.each<[string, (mfa: MfaRouter, req: IncomingMessage) => Promise<unknown>]>([
  ['pending', (mfa, req) => mfa.pending(req)],
  ['logOut', (mfa, req) => mfa.logOut(req)],
  ['startLogin', (mfa, req) => mfa.startLogin(req, 'A')],
])('without a session `%s` rejects with an MfaError', async (_name, ask) => {
  await expect(ask(app.mfa, {} as IncomingMessage)).rejects.toMatchObject({
    name: 'MfaError',
    status: 503,
    code: 'session_unavailable',
  });
});

test('what a session holds that is not of our making counts as nothing', async () => {
  jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  const browser = await app.full('C', await importUser(app, 'C'));
  const real = (await bare(browser)) as unknown as { session: Record<string, unknown> };
  const { mfa: good, ...rest } = real.session;
  const check = (mfa: unknown) =>
    app.mfa.check({
      session: Object.assign(Object.create(Object.getPrototypeOf(real.session)), rest, { mfa }),
    } as unknown as IncomingMessage);
  expect(await check(good)).toEqual({ ok: true, userId: 'C' });
  const { proofs, ...login } = good as Record<string, unknown>;
  const [proof] = proofs as [{ at: number }];
  // As release 0.1.0 wrote it.
  const older = { ...login, verifiedAt: proof.at, method: 'totp' };
  expect(await check(older)).toEqual({ ok: true, userId: 'C' });
  for (const forged of [
    null,
    true,
    'C',
    [],
    [good],
    {},
    { ...login, proofs, epoch: 7 },
    { ...login, proofs, epoch: '' },
    { ...login, proofs: [{ ...proof, at: String(proof.at) }] },
    { ...login, proofs: [{ ...proof, at: Number.NaN }] },
    { ...login, proofs: [{ ...proof, at: app.clock.now() + 60_001 }] },
    { ...login, proofs: [proof, null] },
    { ...login, proofs: [] },
    { ...login, proofs: undefined },
    { ...older, verifiedAt: String(proof.at) },
    { ...older, verifiedAt: app.clock.now() + 60_001 },
    { ...older, verifiedAt: undefined },
    { ...older, method: 7 },
    { ...login, proofs, amr: 'mfa' },
    { ...login, proofs, userId: 'A' },
    { ...login, proofs, userId: '' },
    { ...login, proofs: [{ ...proof, method: 7 }] },
    { ...login, proofs, authenticatedAt: null },
  ]) {
    expect(await check(forged)).toMatchObject({ ok: false, status: 401, errorType: 'MFA_REQUIRED' });
  }
  for (const half of [
    { pendingUserId: 'C' },
    { ...login, pendingUserId: undefined },
    { ...login, pendingUserId: 'C' },
  ]) {
    expect(await check(half)).toMatchObject({ ok: false, status: 401, errorType: 'UNAUTHENTICATED' });
  }
});
