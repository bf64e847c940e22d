import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MfaError, type MfaEvent } from 'express-mfa';
import { createTestApp, type TestApp } from './app/create-test-app.ts';
import { codeAt, importUser, wrongCode } from './app/imported-user.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.close());

/** What is told during `call`, without who and when. */
async function toldBy(call: () => Promise<unknown>): Promise<object[]> {
  const before = app.events.length;
  await call();
  return app.events.slice(before).map(({ userId, at, ip, userAgent, ...event }: MfaEvent) => event);
}

describe('that all sessions of a user have ended', () => {
  test.each<[string, (user: string) => Promise<unknown>]>([
    ['asked', (user) => app.mfa.service.endSessions(user)],
    ['reset', (user) => app.mfa.service.reset(user)],
    ['deleted', (user) => app.mfa.service.deleteUser(user)],
  ])('%s', async (reason, end) => {
    await importUser(app, reason);
    const events = await toldBy(() => end(reason));
    expect(events.at(-1)).toEqual({ name: 'sessions.ended', reason });
  });

  test('by a log-out everywhere, and not by another', async () => {
    const browser = await app.full('O', await importUser(app, 'O'));
    const other = browser.copy();
    expect(await toldBy(() => browser.post('/log-out', { everywhere: true }))).toEqual([
      { name: 'sessions.ended', reason: 'logged_out_everywhere' },
    ]);
    expect(await toldBy(() => other.post('/log-out'))).toEqual([]);
  });

  test('not where the write did not win', async () => {
    await importUser(app, 'W');
    const put = app.store.put;
    app.store.put = () => Promise.reject(new Error('no'));
    const events = await toldBy(() => app.mfa.service.endSessions('W').catch(() => undefined));
    app.store.put = put;
    expect(events).toEqual([{ name: 'store.unavailable', operation: 'put', intended: 'end sessions' }]);
  });
});

test('during what somebody failed', async () => {
  const authenticator = await importUser(app, 'F');
  const wrong = { code: wrongCode(app, authenticator) };
  const during = async (call: () => Promise<unknown>) =>
    (await toldBy(call)).map((event) => Reflect.get(event, 'during'));
  const pending = await app.pending('F');
  expect(await during(() => pending.post('/mfa/totp/verify', wrong))).toEqual(['log_in']);
  const full = await app.full('F', authenticator);
  expect(await during(() => full.post('/mfa/totp/verify', wrong))).toEqual(['step_up']);
  expect(await during(() => full.delete('/mfa/totp/disable', { password: 'no' }))).toEqual(['change']);
  await app.mfa.service.unlock('F');
  expect(await during(() => app.mfa.service.verify('F', wrong))).toEqual(['check']);
  expect(await during(() => app.mfa.service.disable('F', wrong))).toEqual(['change']);

  const enrols = await app.pending('E');
  const { data } = (await enrols.post('/mfa/totp/enroll', {})).body;
  const other = { code: wrongCode(app, data) };
  expect(await during(() => enrols.post('/mfa/totp/verify-enrollment', other))).toEqual(['enrollment']);
  expect(codeAt(app, data)).not.toBe(other.code);
});

describe('who asked for it', () => {
  const by = { actor: 'Grace' };
  test.each<[string, (user: string) => Promise<unknown>]>([
    ['reset', (user) => app.mfa.service.reset(user, by)],
    ['endSessions', (user) => app.mfa.service.endSessions(user, by)],
    ['deleteUser', (user) => app.mfa.service.deleteUser(user, by)],
    ['disable', (user) => app.mfa.service.disable(user, by)],
    ['regenerateBackupCodes', (user) => app.mfa.service.regenerateBackupCodes(user, by)],
    ['importBackupCodes', (user) => app.mfa.service.importBackupCodes(user, ['abcd-efgh'], by)],
  ])('%s', async (name, call) => {
    await importUser(app, `by ${name}`);
    const events = await toldBy(() => call(`by ${name}`));
    expect(events.length).toBeGreaterThan(0);
    for (const event of events) expect(event).toMatchObject(by);
  });

  test('importTotp; and where nobody is named, nobody is', async () => {
    const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
    const named = () => app.mfa.service.importTotp('I', secret, { encoding: 'base32', ...by });
    expect(await toldBy(named)).toEqual([{ name: 'enrollment.confirmed', ...by }]);
    for (const event of await toldBy(() => app.mfa.service.reset('I')))
      expect(event).not.toHaveProperty('actor');
  });

  test.each([[''], [7], [null], [{}]])('%p is no name, and nothing happens', async (actor) => {
    await importUser(app, 'named');
    const before = await app.rawState('named');
    const wrong = { actor } as unknown as typeof by;
    await expect(app.mfa.service.reset('named', wrong)).rejects.toThrow(TypeError);
    expect(await app.rawState('named')).toBe(before);
  });
});

test('an MfaError names its status as NestJS and http-errors do', () => {
  expect(new MfaError('store_unavailable')).toMatchObject({ status: 503, statusCode: 503 });
  expect(new MfaError('hook_failed')).toMatchObject({ status: 500, statusCode: 500 });
});
