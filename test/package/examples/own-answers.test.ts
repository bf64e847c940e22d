import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { enrol, type TestAuthenticator } from 'express-mfa/testing';
import { io, type Socket } from 'socket.io-client';
import { createApp } from '../../../examples/own-answers/app.ts';
import { liveBalance } from '../../../examples/own-answers/live-balance.ts';
import { Browser } from '../../app/browser.ts';
import { exampleOptions, password } from './example-options.ts';

const email = 'alice@example.com';
const { clock, ...options } = exampleOptions();
const { app, mfa, users, sessions } = createApp(options);
const http = createServer(app);
const sockets = liveBalance(http, { mfa, sessions });
let url: string;
let userId: string;
let authenticator: TestAuthenticator;

beforeAll(async () => {
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  userId = (await users.register(email, password))?.id ?? '';
  authenticator = await enrol(mfa, userId, { now: clock.now });
});
afterAll(() => sockets.close());

const codePlease = { title: 'Please give a code of your authenticator app.', next: '/code' };
const logInPlease = { title: 'Please log in.', next: '/login' };

async function pending(): Promise<Browser> {
  const visitor = new Browser(url);
  const login = await visitor.post('/login', { email, password });
  expect(login.body).toEqual({ result: 'Now your code, please.' });
  return visitor;
}

async function full(): Promise<Browser> {
  clock.nextStep();
  const visitor = await pending();
  const login = await visitor.post('/code', { code: authenticator.code() });
  expect(login.body).toEqual({ result: 'Welcome.' });
  return visitor;
}

/** Connects as a browser with this cookie: either it is in, or it is told why not. */
async function connect({ cookie }: Browser): Promise<{ socket: Socket; problem?: unknown }> {
  const socket = io(url, { extraHeaders: { cookie }, reconnection: false, forceNew: true });
  return new Promise((resolve) => {
    socket.on('connect', () => resolve({ socket }));
    socket.on('connect_error', (error) => resolve({ socket, problem: Reflect.get(error, 'data') }));
  });
}

function disconnected(socket: Socket): Promise<unknown> {
  return new Promise((resolve) => socket.once('disconnect', resolve));
}

test('the second step and the guard answer in the words of the app', async () => {
  clock.nextStep();
  const visitor = await pending();
  const denied = await visitor.get('/balance');
  expect([denied.status, denied.body]).toEqual([401, { problem: codePlease }]);
  const bad = await visitor.post('/code', { code: ['123456'] });
  expect([bad.status, bad.body]).toEqual([
    400,
    { problem: { title: 'That code is not right.', next: '/code' } },
  ]);

  expect((await visitor.get('/news')).body).toEqual({ result: ['For everybody.'] });
  expect((await visitor.post('/code', { code: authenticator.code() })).body).toEqual({ result: 'Welcome.' });
  expect((await visitor.get('/balance')).body).toEqual({ result: 100 });
  expect((await visitor.get('/news')).body.result).toHaveLength(2);
  const stranger = await new Browser(url).get('/balance');
  expect([stranger.status, stranger.body]).toEqual([401, { problem: logInPlease }]);
});

test('a wait is told in the header', async () => {
  const user = await users.register('bob@example.com', password);
  await mfa.service.importTotp(user?.id ?? '', 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', { encoding: 'base32' });
  const visitor = new Browser(url);
  await visitor.post('/login', { email: 'bob@example.com', password });
  for (let guess = 0; guess < 5; guess++) await visitor.post('/code', { code: '0000000000000000' });
  const waiting = await visitor.post('/code', { code: '0000000000000000' });
  expect([waiting.status, waiting.headers['retry-after']]).toEqual([429, '30']);
  expect(waiting.body.problem.title).toContain('too often');
});

test('a socket is refused to strangers and to pending logins', async () => {
  expect((await connect(new Browser(url))).problem).toEqual(logInPlease);
  expect((await connect(await pending())).problem).toEqual(codePlease);
});

test('a socket of somebody who has done both steps answers until the session ends', async () => {
  const visitor = await full();
  const { socket, problem } = await connect(visitor);
  expect(problem).toBeUndefined();
  expect(await socket.emitWithAck('balance')).toEqual({ result: 100 });

  await mfa.service.endSessions(userId);
  const gone = disconnected(socket);
  expect(await socket.emitWithAck('balance')).toEqual({ problem: codePlease });
  await gone;
});

test('a socket notices that the session was destroyed', async () => {
  const visitor = await full();
  const { socket } = await connect(visitor);
  expect(await socket.emitWithAck('balance')).toEqual({ result: 100 });
  await new Promise((resolve) => options.databases.sessions.destroy(visitor.sessionId, resolve));
  const gone = disconnected(socket);
  expect(await socket.emitWithAck('balance')).toMatchObject({ problem: { title: expect.any(String) } });
  await gone;
});
