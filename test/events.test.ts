import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import type { MfaEvent } from 'express-mfa';
import { createEventHub } from '../src/events.ts';
import { createTestApp, type TestApp } from './app/create-test-app.ts';
import { codeAt, importUser, wrongCode } from './app/imported-user.ts';

let app: TestApp;
const stops: (() => void)[] = [];
beforeAll(async () => {
  app = await createTestApp();
});
afterEach(() => {
  jest.restoreAllMocks();
  for (const stop of stops.splice(0)) stop();
  app.errors.splice(0);
});
afterAll(() => app.close());

const listen = (listener: (event: MfaEvent) => unknown) =>
  stops.push(app.mfa.service.events.on('*', listener));
/** Lets promises that nobody waits for settle. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

test.each<[string, () => unknown]>([
  [
    'throws',
    () => {
      throw new Error('the listener failed');
    },
  ],
  ['rejects', () => Promise.reject(new Error('the listener failed'))],
  ['rejects later', async () => settle().then(() => Promise.reject(new Error('the listener failed')))],
  ['throws what is no error', () => Promise.reject('the listener failed')],
])(
  'IL-12 a listener that %s changes no outcome, holds up nobody, and is reported',
  async (name, listener) => {
    listen(listener);
    const after = jest.fn();
    listen(after);
    const authenticator = await importUser(app, name);
    const browser = await app.pending(name);
    const refused = await browser.post('/mfa/totp/verify', { code: wrongCode(app, authenticator) });
    expect([refused.status, refused.body.error_type]).toEqual([401, 'INVALID_CODE']);
    expect((await browser.post('/mfa/totp/verify', { code: authenticator.code() })).status).toBe(200);
    expect((await browser.get('/private')).status).toBe(200);
    await settle();
    await settle();
    // An event for the import, the failure and the success; the listeners behind it heard of all.
    expect(after).toHaveBeenCalledTimes(3);
    expect(app.errors.map(String)).toEqual(Array(3).fill(expect.stringContaining('the listener failed')));
  },
);

test('IL-12 a listener that hangs holds up nothing', async () => {
  const hanging = jest.fn(() => new Promise(() => undefined));
  listen(hanging);
  const authenticator = await importUser(app, 'hanging');
  const browser = await app.full('hanging', authenticator);
  expect((await browser.get('/private')).status).toBe(200);
  expect(hanging).toHaveBeenCalledTimes(2);
  expect(app.errors).toEqual([]);
});

test('IL-12 a listener cannot change what the others hear', async () => {
  const spoil = jest.fn((event: object) => {
    Reflect.set(event, 'userId', 'somebody else');
  });
  const heard = jest.fn();
  listen(spoil);
  listen(heard);
  await importUser(app, 'unspoilt');
  expect(spoil).toHaveBeenCalledTimes(1);
  expect(heard).toHaveBeenCalledWith(expect.objectContaining({ userId: 'unspoilt' }));
});

test('IL-12 events of requests say where they came from; those from code do not', async () => {
  const authenticator = await importUser(app, 'where');
  const browser = await app.pending('where');
  const heard: MfaEvent[] = [];
  listen((event) => heard.push(event));
  await browser.post(
    '/mfa/totp/verify',
    { code: wrongCode(app, authenticator) },
    { 'User-Agent': 'Browser/1' },
  );
  await app.mfa.service.verify('where', { code: wrongCode(app, authenticator) });
  const failed = {
    name: 'challenge.failed',
    userId: 'where',
    at: app.clock.now(),
    method: 'totp',
    reason: 'wrong',
    during: 'log_in',
  };
  expect(heard).toEqual([
    { ...failed, ip: expect.stringContaining('127.0.0.1'), userAgent: 'Browser/1' },
    { ...failed, during: 'check' },
  ]);
  expect(heard[1]).not.toHaveProperty('ip');
});

test('IL-12 an event tells the reason of each failure', async () => {
  const authenticator = await importUser(app, 'reasons');
  const code = authenticator.code();
  const reasons: unknown[] = [];
  stops.push(
    app.mfa.service.events.on('challenge.failed', ({ reason, method }) => reasons.push([method, reason])),
  );
  const verify = (code: string) => app.mfa.service.verify('reasons', { code });
  await verify(code);
  await verify(code);
  for (let failure = 0; failure < 5; failure++) await verify(wrongCode(app, authenticator));
  await verify(codeAt(app, authenticator));
  await verify('0000-0000-0000-0000');
  expect(reasons).toEqual([
    ['totp', 'replayed'],
    ...Array(5).fill(['totp', 'wrong']),
    ['totp', 'waiting'],
    ['backup_code', 'waiting'],
  ]);
});

test('nothing is told before the write has won, and nothing where it failed', async () => {
  const authenticator = await importUser(app, 'unwritten');
  const put = app.store.put.bind(app.store);
  const heard: string[] = [];
  listen(({ name }) => heard.push(name));
  jest.spyOn(app.store, 'put').mockRejectedValueOnce(new Error('down'));
  const verify = () => app.mfa.service.verify('unwritten', { code: codeAt(app, authenticator, 1) });
  await expect(verify()).rejects.toMatchObject({ code: 'store_unavailable' });
  expect(heard).toEqual(['store.unavailable']);

  jest.spyOn(app.store, 'put').mockImplementation(async (...args) => {
    expect(heard).toEqual(['store.unavailable']);
    return put(...args);
  });
  expect((await verify()).ok).toBe(true);
  expect(heard).toEqual(['store.unavailable', 'challenge.succeeded']);
});

test.each<[string, () => unknown]>([
  [
    'throws',
    () => {
      throw new Error('the reporter failed');
    },
  ],
  ['rejects', () => Promise.reject(new Error('the reporter failed'))],
])('IL-12 a listener that throws and an `onError` that %s end no process', async (_name, onError) => {
  const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  const other = await createTestApp({ mfa: { onError: onError as () => void } });
  other.mfa.service.events.on('*', () => Promise.reject(new Error('the listener failed')));
  await importUser(other, 'A');
  await other.mfa.service.reset('A');
  await settle();
  await other.close();
  // Jest fails a test in which a rejection goes unhandled; the host hears of it once.
  expect(warned.mock.calls).toEqual([['`onError` itself threw an error.', { type: 'ExpressMfaWarning' }]]);
});

test('a listener of one name hears that one; the returned function stops it, and it alone', () => {
  const hub = createEventHub(() => undefined);
  const heard: string[] = [];
  const stop = hub.on('mfa.reset', () => heard.push('one'));
  const stopAgain = hub.on('mfa.reset', () => heard.push('two'));
  hub.on('mfa.disabled', () => heard.push('other'));
  const event = () => ({ userId: 'A', at: 0 });
  hub.emit('mfa.reset', event);
  stop();
  stop();
  hub.emit('mfa.reset', event);
  stopAgain();
  hub.emit('mfa.reset', event);
  expect(heard).toEqual(['one', 'two', 'two']);
});

test('an event nobody listens to is not even made', () => {
  const make = jest.fn(() => ({ userId: 'A', at: 0 }));
  createEventHub(() => undefined).emit('mfa.reset', make);
  expect(make).not.toHaveBeenCalled();
});

test('a listener that takes itself off, or puts another on, does not disturb the round', () => {
  const hub = createEventHub(() => undefined);
  const heard: string[] = [];
  const stop = hub.on('mfa.reset', () => {
    heard.push('first');
    stop();
    hub.on('mfa.reset', () => heard.push('late'));
  });
  hub.on('mfa.reset', () => heard.push('second'));
  const event = () => ({ userId: 'A', at: 0 });
  hub.emit('mfa.reset', event);
  expect(heard).toEqual(['first', 'second']);
  hub.emit('mfa.reset', event);
  expect(heard).toEqual(['first', 'second', 'second', 'late']);
});
