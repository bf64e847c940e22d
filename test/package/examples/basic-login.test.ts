import { expect, jest, test } from '@jest/globals';
import bcrypt from 'bcrypt';
import { enrol } from 'express-mfa/testing';
import request from 'supertest';
import { createApp } from '../../../examples/basic/app.ts';
import { exampleOptions, password, tokenIn } from './example-options.ts';

const email = 'alice@example.com';

async function start() {
  const options = exampleOptions();
  const { app, mfa, users } = createApp(options);
  const user = await users.register(email, password);
  return { ...options, mfa, users, userId: user?.id ?? '', browser: () => request.agent(app) };
}

test('a wrong password and an unknown address get the same answer for the same work', async () => {
  const { browser } = await start();
  const compare = jest.spyOn(bcrypt, 'compare');
  const wrong = await browser().post('/login').send({ email, password: 'another password' });
  const unknown = await browser().post('/login').send({ email: 'nobody@example.com', password });
  expect(compare.mock.calls.map(([, hash]) => hash)).toEqual([
    expect.stringMatching(/^\$2b\$10\$.{53}$/),
    expect.stringMatching(/^\$2b\$10\$.{53}$/),
  ]);
  compare.mockRestore();

  expect([wrong.status, unknown.status]).toEqual([401, 401]);
  expect(wrong.text).toBe(unknown.text);
  expect([wrong.headers['set-cookie'], unknown.headers['set-cookie']]).toEqual([undefined, undefined]);
});

test('an address is taken once, in any case, and the first password stays', async () => {
  const { browser, users } = await start();
  const again = await browser()
    .post('/register')
    .send({ email: ' Alice@Example.com', password: 'mine, mine' });
  expect(again.status).toBe(409);
  expect(await users.authenticate(email, 'mine, mine')).toBeUndefined();
  expect(await users.authenticate(email, password)).toMatchObject({ email });
});

test.each([
  [{}],
  [{ email: ['alice@example.com'], password }],
  [{ email, password: 1234567890 }],
  [{ email: { $gt: '' }, password }],
  [{ email, password: 'too short' }],
  [{ email, password: 'ü'.repeat(37) }],
])('a body that is not what it should be is a 400: %j', async (body) => {
  const { browser } = await start();
  const response = await browser().post('/register').send(body);
  expect(response.status).toBe(400);
  expect(response.body.message).toMatch(/^(Give|A password has)/);
});

test('a password reset ends other sessions, and is a first step only', async () => {
  const { browser, clock, mails, mfa, userId, users } = await start();
  const authenticator = await enrol(mfa, userId, { now: clock.now });
  const thief = browser();
  await thief.post('/login').send({ email, password });
  await thief.post('/mfa/totp/verify').send({ code: authenticator.code() });
  expect((await thief.get('/account')).status).toBe(200);
  mails.length = 0;

  const visitor = browser();
  expect((await visitor.post('/password-reset').send({ email })).status).toBe(202);
  const token = tokenIn(mails[0]);
  const reset = await visitor
    .post('/password-reset/confirm')
    .send({ token, password: 'a new one, and long' });
  expect(reset.body).toMatchObject({ status: 'mfa_required', methods: ['totp', 'backup_code'] });
  expect((await visitor.get('/account')).status).toBe(401);
  expect((await thief.get('/account')).status).toBe(401);
  expect(await users.authenticate(email, password)).toBeUndefined();

  expect((await visitor.post('/mfa/totp/verify').send({ code: authenticator.code() })).status).toBe(200);
  expect((await visitor.get('/account')).body).toEqual({ email });
});

test('the token of a password reset is good once, and only the newest one', async () => {
  const { browser, mails, users } = await start();
  const confirm = (token: unknown) =>
    browser().post('/password-reset/confirm').send({ token, password: 'a new one, and long' });
  await browser().post('/password-reset').send({ email });
  await browser().post('/password-reset').send({ email });
  const [older, newer] = mails.map(tokenIn);

  expect((await confirm(older)).status).toBe(400);
  expect(await users.authenticate(email, password)).toMatchObject({ email });
  const both = await Promise.all([confirm(newer), confirm(newer)]);
  expect(both.map(({ status }) => status).sort()).toEqual([200, 400]);
});

test('who asks for a password reset is not told whether the address is known', async () => {
  const { browser, mails } = await start();
  const known = await browser().post('/password-reset').send({ email });
  const unknown = await browser().post('/password-reset').send({ email: 'nobody@example.com' });
  expect([known.status, known.text]).toEqual([unknown.status, unknown.text]);
  expect(mails.map(({ to }) => to)).toEqual([email]);
});
