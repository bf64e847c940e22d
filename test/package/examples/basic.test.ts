import { expect, test } from '@jest/globals';
import { enrol } from 'express-mfa/testing';
import request from 'supertest';
import { createApp } from '../../../examples/basic/app.ts';
import { codeOf, exampleOptions, password } from './example-options.ts';

const alice = { email: 'alice@example.com', password };
const transfer = { to: 'bob@example.com', amount: '10' };

function start() {
  const options = exampleOptions();
  const { app, mfa, users } = createApp(options);
  return { ...options, mfa, users, browser: () => request.agent(app) };
}

test('somebody registers, sets up a second step, and is asked for it from then on', async () => {
  const { browser, clock } = start();
  const first = browser();
  const other = browser();
  const registered = await first.post('/register').send(alice);
  expect(registered.status).toBe(201);
  expect(registered.body).toEqual({ status: 'complete', data: {}, redirectTo: '/account' });
  expect((await first.get('/account')).body).toEqual({ email: alice.email });
  expect((await other.post('/login').send(alice)).body.status).toBe('complete');

  const refused = await first.post('/transfer').send(transfer);
  expect([refused.status, refused.body.error_type]).toEqual([403, 'MFA_ENROLLMENT_REQUIRED']);
  const { data } = (await first.post('/mfa/totp/enroll').send({})).body;
  expect(new URL(data.provisioning_uri).pathname).toBe('/Example:alice%40example.com');
  const code = codeOf(data.secret, clock.now());
  expect((await first.post('/mfa/totp/verify-enrollment').send({ code })).status).toBe(200);
  expect((await first.post('/transfer').send(transfer)).body).toEqual({
    message: '10 sent to bob@example.com.',
  });

  // The other browser has proven nothing, and neither has a new login there.
  expect((await other.get('/account')).body.error_type).toBe('MFA_REQUIRED');
  expect((await other.post('/login').send(alice)).body.status).toBe('mfa_required');
  expect((await other.get('/account')).status).toBe(401);
  clock.nextStep();
  const next = codeOf(data.secret, clock.now());
  expect((await other.post('/mfa/totp/verify').send({ code: next })).status).toBe(200);
  expect((await other.get('/account')).body).toEqual({ email: alice.email });
});

test('a transfer asks for a second step of the last five minutes', async () => {
  const { browser, clock, users, mfa } = start();
  const user = await users.register(alice.email, password);
  const authenticator = await enrol(mfa, user?.id ?? '', { now: clock.now });
  const visitor = browser();
  await visitor.post('/login').send(alice);
  await visitor.post('/mfa/totp/verify').send({ code: authenticator.code() });
  expect((await visitor.post('/transfer').send(transfer)).status).toBe(200);

  clock.move(5 * 60_000 + 1);
  const late = await visitor.post('/transfer').send(transfer);
  expect([late.status, late.body.error_type]).toEqual([401, 'MFA_REQUIRED']);
  expect((await visitor.get('/account')).status).toBe(200);
  await visitor.post('/mfa/totp/verify').send({ code: authenticator.code() });
  expect((await visitor.post('/transfer').send(transfer)).status).toBe(200);
});

test('logging out everywhere ends the sessions of other browsers', async () => {
  const { browser, users } = start();
  await users.register(alice.email, password);
  const [first, second] = [browser(), browser()];
  await first.post('/login').send(alice);
  await second.post('/login').send(alice);

  expect((await first.post('/log-out').send({ everywhere: true })).status).toBe(200);
  expect((await first.get('/account')).status).toBe(401);
  expect((await second.get('/account')).status).toBe(401);
});

test('users hear by mail what happens to their second step', async () => {
  const { browser, clock, mails, mfa, users } = start();
  const user = await users.register(alice.email, password);
  const authenticator = await enrol(mfa, user?.id ?? '', { now: clock.now });
  const visitor = browser();
  await visitor.post('/login').send(alice);
  await visitor.post('/mfa/totp/verify').send({ code: authenticator.backupCodes[0] });
  await visitor.delete('/mfa/totp/disable').send({ password });

  expect(mails.map(({ to, text }) => [to, text])).toEqual([
    [alice.email, 'A second step was set up for your account.'],
    [alice.email, 'A backup code of yours was used.'],
    [alice.email, 'The second step of your account was turned off.'],
  ]);
});

test('a program that comes to look is told what there is', async () => {
  const page = await start().browser().get('/');
  expect(page.status).toBe(200);
  expect(page.type).toBe('text/plain');
  expect(page.text).toContain('examples/README.md');
});
