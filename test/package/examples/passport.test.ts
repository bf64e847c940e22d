import { expect, test } from '@jest/globals';
import { enrol } from 'express-mfa/testing';
import request, { type Response } from 'supertest';
import { createApp } from '../../../examples/passport/app.ts';
import { exampleOptions, password } from './example-options.ts';
import { Visitor } from './visitor.ts';

const email = 'alice@example.com';

async function start() {
  const options = exampleOptions();
  const provider = {
    loginUrl: (state: string) => `https://provider.example/?state=${state}`,
    exchange: async (code: string) =>
      code === 'right' ? { subject: '42', email: 'dora@provider.example' } : undefined,
  };
  const { app, mfa, users } = createApp({ ...options, provider });
  const user = await users.register(email, password);
  return { ...options, app, mfa, users, userId: user?.id ?? '', browser: () => request.agent(app) };
}

type Client = ReturnType<Awaited<ReturnType<typeof start>>['browser']>;

/** The value of a cookie that an answer sets. */
function cookieIn({ headers }: Response, name: string): string | undefined {
  const set = [headers['set-cookie'] ?? []].flat().find((cookie) => cookie.startsWith(`${name}=`));
  return set?.split(';')[0]?.slice(name.length + 1);
}

/** Comes back from the other site with a code. */
async function logInByProvider(visitor: Client, code: string): Promise<Response> {
  const away = await visitor.get('/login/provider');
  expect(away.status).toBe(302);
  const state = new URL(away.headers.location ?? '').searchParams.get('state');
  return visitor.get('/login/provider').query({ code, state });
}

test('a password that Passport has checked is a first step only', async () => {
  const { browser, clock, mfa, userId } = await start();
  const visitor = browser();
  expect((await visitor.post('/login').send({ email, password: 'wrong password' })).status).toBe(401);
  const complete = await visitor.post('/login').send({ email, password });
  expect(complete.body.status).toBe('complete');
  expect((await visitor.get('/account')).body).toEqual({ user: userId });

  const authenticator = await enrol(mfa, userId, { now: clock.now });
  const pending = await visitor.post('/login').send({ email, password });
  expect(pending.body.status).toBe('mfa_required');
  expect(cookieIn(pending, 'sid')).not.toBe(cookieIn(complete, 'sid'));
  expect((await visitor.get('/account')).body.error_type).toBe('MFA_REQUIRED');

  const verified = await visitor.post('/mfa/totp/verify').send({ code: authenticator.code() });
  expect(verified.body.data).toMatchObject({ user_id: userId, method: 'totp' });
  expect((await visitor.get('/account')).body).toEqual({ user: userId });
});

test('a login by another site is a first step only', async () => {
  const { browser, clock, mfa } = await start();
  const visitor = browser();
  expect((await logInByProvider(visitor, 'right')).body.status).toBe('complete');
  const { user } = (await visitor.get('/account')).body;
  // There is no password to ask for: the login of a moment ago stands in.
  expect((await visitor.post('/mfa/totp/enroll').send({})).status).toBe(201);

  const authenticator = await enrol(mfa, user, { now: clock.now });
  expect((await logInByProvider(visitor, 'right')).body.status).toBe('mfa_required');
  expect((await visitor.get('/account')).status).toBe(401);
  await visitor.post('/mfa/totp/verify').send({ code: authenticator.code() });
  expect((await visitor.get('/account')).body).toEqual({ user });
});

test('a login by another site needs its code, and the browser in which it began', async () => {
  const { browser } = await start();
  const visitor = browser();
  expect((await logInByProvider(visitor, 'wrong')).status).toBe(401);
  const elsewhere = await browser().get('/login/provider').query({ code: 'right', state: 'made up' });
  expect(elsewhere.status).toBe(403);
  expect((await browser().get('/login/provider').query({ code: 'right' })).status).toBe(403);
  expect((await visitor.get('/account')).status).toBe(401);
});

test('remember-me stands for the password, never for the second step', async () => {
  const { browser, clock, mfa, userId } = await start();
  const authenticator = await enrol(mfa, userId, { now: clock.now });
  const remembered = await browser().post('/login').send({ email, password, remember: true });
  const token = cookieIn(remembered, 'remember_me');
  expect(remembered.body.status).toBe('mfa_required');

  const visitor = browser();
  const back = await visitor.get('/account').set('Cookie', `remember_me=${token}`);
  expect([back.status, back.body.error_type]).toEqual([401, 'MFA_REQUIRED']);
  // Only of a pending login an end is told: to the app this is a guest.
  expect(Date.parse(back.body.data.expires_at)).toBe(clock.now() + 600_000);
  const next = cookieIn(back, 'remember_me');
  expect(next).not.toBe(token);
  // Only the next one is good, and while its login is pending it is not spent again.
  const again = await visitor.get('/account').set('Cookie', `remember_me=${next}`);
  expect(again.body.error_type).toBe('MFA_REQUIRED');
  expect(cookieIn(again, 'remember_me')).toBeUndefined();

  await visitor.post('/mfa/totp/verify').send({ code: authenticator.code() });
  expect((await visitor.get('/account')).body).toEqual({ user: userId });
});

test('a token of remember-me is good once, and ends with a log-out and with every session of the user', async () => {
  const { browser, mfa, userId } = await start();
  const logIn = async () => {
    const visitor = browser();
    const response = await visitor.post('/login').send({ email, password, remember: true });
    return { visitor, token: cookieIn(response, 'remember_me') };
  };
  const come = (token: string | undefined) => browser().get('/account').set('Cookie', `remember_me=${token}`);

  const once = await logIn();
  const both = await Promise.all([come(once.token), come(once.token)]);
  expect(both.map(({ status }) => status).sort()).toEqual([200, 401]);

  const left = await logIn();
  await left.visitor.post('/log-out').send({});
  expect((await come(left.token)).status).toBe(401);

  const ended = await logIn();
  await mfa.service.endSessions(userId);
  expect((await come(ended.token)).status).toBe(401);
});

test('in a browser the login is a form, and what is refused shows it again', async () => {
  const { app, clock, mfa, userId } = await start();
  const authenticator = await enrol(mfa, userId, { now: clock.now });
  const visitor = new Visitor(app);
  await visitor.open('/');
  expect(visitor.path).toBe('/login?return_to=%2Faccount');
  await visitor.submit('/login', { email, password: 'wrong password' });
  expect([visitor.status, visitor.path]).toEqual([401, '/login']);
  expect(visitor.text).toContain('That login was not right. Please try again.');
  await visitor.submit('/login', { email, password });
  expect(visitor.path).toBe('/mfa/challenge');
  await visitor.submit('/mfa/totp/verify', { code: authenticator.code() });
  expect([visitor.status, visitor.path]).toEqual([200, '/account']);
  expect(visitor.text).toContain(`You are user <code>${userId}</code>`);

  await visitor.submit('/log-out');
  expect(visitor.path).toBe('/login');
  await visitor.open('/login/provider?code=wrong');
  expect([visitor.status, visitor.text]).toEqual([403, expect.stringContaining('That login was not right.')]);
  await visitor.open('/account');
  expect(visitor.path).toBe('/login?return_to=%2Faccount');
});
